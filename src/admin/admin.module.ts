import { Module } from '@nestjs/common';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { MessageLogsModule } from '../message-logs/message-logs.module.js';
import { StatsModule } from '../stats/stats.module.js';
import { StaffModule } from '../staff/staff.module.js';
import { UsageModule } from '../usage/usage.module.js';
import { UsersModule } from '../users/users.module.js';
import { AdminAuthController } from './admin-auth.controller.js';
import { AdminMfaController } from './admin-mfa.controller.js';
import { AdminDirectory } from './admin-directory.js';
import { AdminsController } from './accounts/admins.controller.js';
import { StaffController } from './accounts/staff.controller.js';
import { AdminsService } from './admins.service.js';
import { FirstAdmin } from './first-admin.js';
import { IpRulesInForce } from './ip-rules/ip-rules-in-force.js';
import { IpRulesController } from './ip-rules/ip-rules.controller.js';
import { IpRulesService } from './ip-rules/ip-rules.service.js';
import { MessageLogsAdminController } from './message-logs/message-logs-admin.controller.js';
import { PlansController } from './plans/plans.controller.js';
import { ServiceKeysController } from './service-keys/service-keys.controller.js';
import { SettingsAdminService } from './settings/settings-admin.service.js';
import { SettingsController } from './settings/settings.controller.js';
import { StatsController } from './stats/stats.controller.js';
import { TransferModule } from './transfer/transfer.module.js';
import { DeletedUsersController } from './users/deleted-users.controller.js';
import { ImpersonationController } from './users/impersonation.controller.js';
import { UserUsageController } from './users/user-usage.controller.js';
import { UsersAdminController } from './users/users-admin.controller.js';
import { UsersAdminService } from './users/users-admin.service.js';

@Module({
  imports: [AuditModule, UsersModule, ApiKeysModule, AuthModule, UsageModule, StaffModule, StatsModule, MessageLogsModule, TransferModule],
  controllers: [
    AdminAuthController, AdminMfaController, AdminsController, StaffController, IpRulesController, PlansController, ServiceKeysController, UsersAdminController,
    ImpersonationController, UserUsageController, DeletedUsersController, SettingsController, StatsController, MessageLogsAdminController,
  ],
  providers: [AdminsService, AdminDirectory, FirstAdmin, IpRulesInForce, IpRulesService, SettingsAdminService, UsersAdminService],
  exports: [AdminsService],
})
export class AdminModule {}
