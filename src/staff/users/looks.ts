import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { AuditService } from '../../audit/audit.service.js';
import { filterName } from '../../platform/lists/listing.js';
import type { Wanted } from '../../platform/lists/wanted.js';

/** Every look at a user by staff leaves a row: who, at whom, at what, and why if they said so. */
@Injectable()
export class Looks {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly audit: AuditService,
  ) {}

  note(actor: Actor, at: 'profile' | 'sign-ins' | 'notes' | 'usage' | 'message-logs', userId: string, reason: string | undefined): Promise<void> {
    return this.audit.record(this.db, actor, 'users.look', userId, { after: { at }, reason });
  }

  /** A search names what was asked for and how many were shown. */
  noteSearch(actor: Actor, { filters, ids }: Wanted, shown: number, reason: string | undefined): Promise<void> {
    const asked: Record<string, unknown> = ids ? { id: ids } : {};
    for (const { field, operator, values } of filters) asked[filterName(field, operator)] = values.length === 1 ? values[0] : values;
    return this.audit.record(this.db, actor, 'users.search', null, { after: { ...asked, shown }, reason });
  }
}
