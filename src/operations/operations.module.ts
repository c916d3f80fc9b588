import { Module } from '@nestjs/common';
import { OperationsController } from './operations.controller.js';

/** What operators and their tools ask the service itself. */
@Module({ controllers: [OperationsController] })
export class OperationsModule {}
