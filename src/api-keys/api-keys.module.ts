import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { ApiKeyAuthenticator } from './api-key-authenticator.js';
import { ApiKeysController } from './api-keys.controller.js';
import { ApiKeysService } from './api-keys.service.js';
import { KeyLookup } from './key-lookup.js';
import { LastUses } from './last-uses.js';
import { PersonalApiKeys } from './personal-api-keys.js';
import { UsersModule } from '../users/users.module.js';

@Module({
  imports: [AuditModule, UsersModule],
  controllers: [ApiKeysController],
  providers: [ApiKeysService, ApiKeyAuthenticator, KeyLookup, LastUses, PersonalApiKeys],
  exports: [ApiKeysService],
})
export class ApiKeysModule {}
