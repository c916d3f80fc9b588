import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { UsersModule } from '../users/users.module.js';

@Module({
  imports: [AuditModule, UsersModule],
  controllers: [],
  providers: [],
})
export class StudyModule {}
