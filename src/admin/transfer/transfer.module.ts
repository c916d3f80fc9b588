import { Module } from '@nestjs/common';
import { AuditModule } from '../../audit/audit.module.js';
import { AuthModule } from '../../auth/auth.module.js';
import { UsageModule } from '../../usage/usage.module.js';
import { UsersModule } from '../../users/users.module.js';
import { ChunkWriter } from './chunk-writer.js';
import { RowChecks } from './row-checks.js';
import { UserImports } from './user-imports.service.js';
import { UsersExport } from './users-export.js';
import { UsersExportController } from './users-export.controller.js';
import { UsersImportController } from './users-import.controller.js';

/** Users as files: out of this installation, and into it. */
@Module({
  imports: [AuditModule, UsersModule, AuthModule, UsageModule],
  controllers: [UsersExportController, UsersImportController],
  providers: [UsersExport, RowChecks, ChunkWriter, UserImports],
})
export class TransferModule {}
