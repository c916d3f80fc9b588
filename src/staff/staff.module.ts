import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { MessageLogsModule } from '../message-logs/message-logs.module.js';
import { UsageModule } from '../usage/usage.module.js';
import { UsersModule } from '../users/users.module.js';
import { StaffAuthController } from './staff-auth.controller.js';
import { StaffDirectory } from './staff-directory.js';
import { StaffMailLinksController } from './staff-mail-links.controller.js';
import { StaffMfaController } from './staff-mfa.controller.js';
import { StaffService } from './staff.service.js';
import { UserNotes } from './notes/user-notes.service.js';
import { MessageLogsDeskController } from './users/message-logs-desk.controller.js';
import { Looks } from './users/looks.js';
import { UsageDeskController } from './users/usage-desk.controller.js';
import { UsersDeskController } from './users/users-desk.controller.js';

@Module({
  imports: [AuditModule, UsersModule, AuthModule, UsageModule, MessageLogsModule],
  controllers: [StaffAuthController, StaffMfaController, StaffMailLinksController, UsersDeskController, UsageDeskController, MessageLogsDeskController],
  providers: [StaffService, StaffDirectory, UserNotes, Looks],
  exports: [StaffService],
})
export class StaffModule {}
