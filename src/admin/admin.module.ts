import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { UsersModule } from '../users/users.module.js';
import { AdminAuthController } from './admin-auth.controller.js';
import { AdminMfaController } from './admin-mfa.controller.js';
import { AdminDirectory } from './admin-directory.js';
import { AdminsService } from './admins.service.js';
import { FirstAdmin } from './first-admin.js';
import { DeletedUsersController } from './users/deleted-users.controller.js';
import { UsersAdminController } from './users/users-admin.controller.js';
import { UsersAdminService } from './users/users-admin.service.js';

@Module({
  imports: [AuditModule, UsersModule, AuthModule],
  controllers: [AdminAuthController, AdminMfaController, UsersAdminController, DeletedUsersController],
  providers: [AdminsService, AdminDirectory, FirstAdmin, UsersAdminService],
  exports: [AdminsService],
})
export class AdminModule {}
