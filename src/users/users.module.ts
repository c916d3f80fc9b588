import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { Census } from './census.js';
import { DataKeys } from './data-keys.js';
import { DeletedUsers } from './deleted-users.service.js';
import { Erasure } from './erasure/erasure.js';
import { UserErasure } from './erasure/user-erasure.js';
import { ExportController } from './personal-data/export.controller.js';
import { PersonalData } from './personal-data/personal-data.js';
import { PersonalProfile } from './personal-data/personal-profile.js';
import { UserEdits } from './user-edits.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';

@Module({
  imports: [AuditModule],
  controllers: [UsersController, ExportController],
  providers: [UsersService, Census, UserEdits, DataKeys, DeletedUsers, Erasure, UserErasure, PersonalData, PersonalProfile],
  exports: [UsersService, Census, UserEdits, DataKeys, DeletedUsers, Erasure, UserErasure, PersonalData],
})
export class UsersModule {}
