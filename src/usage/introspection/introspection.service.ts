import { Injectable } from '@nestjs/common';
import type { Origin } from '../../access/actor.js';
import { AccessTokens } from '../../auth/tokens/access-tokens.js';
import { VerificationService } from '../verification.service.js';
import type { IntrospectedDto } from './introspection.dto.js';

@Injectable()
export class IntrospectionService {
  constructor(
    private readonly verification: VerificationService,
    private readonly tokens: AccessTokens,
  ) {}

  async introspect(token: string, origin: Origin): Promise<IntrospectedDto> {
    const { active, subject, scopes = [], kind, plan } = await this.verification.verify(token, { origin });
    if (!active) return { active };
    return { active, sub: subject, scope: scopes.join(' '), token_type: 'Bearer', kind, plan, ...this.tokens.borne(token) };
  }
}
