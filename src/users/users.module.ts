import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { DataKeys } from './data-keys.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';

@Module({ imports: [AuditModule], controllers: [UsersController], providers: [UsersService, DataKeys], exports: [UsersService, DataKeys] })
export class UsersModule {}
