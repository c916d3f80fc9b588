import { createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import type { FastifyRequest } from 'fastify';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { AuditService } from '../../audit/audit.service.js';
import { ValidationFailed } from '../../platform/problems/problems.js';

const MOST = 500;

/** Why somebody looks, from `X-Reason`: percent-encoded UTF-8, since headers carry ASCII. Not in the query, which lands in logs. */
export const Reason = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  const header = context.switchToHttp().getRequest<FastifyRequest>().headers['x-reason'];
  const text = typeof header === 'string' ? decoded(header).normalize('NFC').trim() : '';
  if (text.length > MOST || /\p{Cc}/u.test(text)) throw new ValidationFailed([{ pointer: 'X-Reason', code: 'reason', detail: `X-Reason may have up to ${MOST} characters, and no control characters.` }]);
  return text === '' ? undefined : text;
});

/** Every look at a user by staff leaves a row: who, at whom, at what, and why if they said so. */
@Injectable()
export class Looks {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly audit: AuditService,
  ) {}

  note(actor: Actor, at: 'profile' | 'sign-ins' | 'notes', userId: string, reason: string | undefined): Promise<void> {
    return this.audit.record(this.db, actor, 'users.look', userId, { after: { at }, reason });
  }

  /** A search names what was asked for and how many were shown. */
  noteSearch(actor: Actor, asked: Record<string, unknown>, shown: number, reason: string | undefined): Promise<void> {
    return this.audit.record(this.db, actor, 'users.search', null, { after: { ...asked, shown }, reason });
  }
}

function decoded(header: string): string {
  try {
    return decodeURIComponent(header);
  } catch {
    return header;
  }
}
