import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { JobsController } from './jobs/jobs.controller.js';
import { JobsDeskService } from './jobs/jobs-desk.service.js';
import { OperationsController } from './operations.controller.js';

/** What operators and their tools ask the service itself. */
@Module({ imports: [AuditModule], controllers: [OperationsController, JobsController], providers: [JobsDeskService] })
export class OperationsModule {}
