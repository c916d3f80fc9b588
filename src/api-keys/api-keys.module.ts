import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { ApiKeyAuthenticator } from './api-key-authenticator.js';
import { ApiKeysController } from './api-keys.controller.js';
import { ApiKeysService } from './api-keys.service.js';
import { IssuedKeys } from './issued-keys.js';
import { KeyLookup } from './key-lookup.js';
import { LastUses } from './last-uses.js';
import { PersonalApiKeys } from './personal-api-keys.js';
import { ServiceKeysService } from './service-keys.service.js';
import { UsersModule } from '../users/users.module.js';

@Module({
  imports: [AuditModule, UsersModule],
  controllers: [ApiKeysController],
  providers: [ApiKeysService, ServiceKeysService, IssuedKeys, ApiKeyAuthenticator, KeyLookup, LastUses, PersonalApiKeys],
  exports: [ApiKeysService, ServiceKeysService],
})
export class ApiKeysModule {}
