import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { AdminAuthController } from './admin-auth.controller.js';
import { AdminMfaController } from './admin-mfa.controller.js';
import { AdminDirectory } from './admin-directory.js';
import { AdminsService } from './admins.service.js';
import { FirstAdmin } from './first-admin.js';

@Module({
  imports: [AuditModule, AuthModule],
  controllers: [AdminAuthController, AdminMfaController],
  providers: [AdminsService, AdminDirectory, FirstAdmin],
  exports: [AdminsService],
})
export class AdminModule {}
