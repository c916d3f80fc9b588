import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor, Origin } from '../access/actor.js';
import { Clock } from '../platform/clock/clock.js';
import { insertRow } from '../platform/database/insert-row.js';
import { AuditEvent } from './audit-event.entity.js';

/** Who did it: a caller, or the service itself (a job, the command line). */
export type AuditActor = Pick<Actor, 'id' | 'origin'> & { readonly kind: string };

export const SYSTEM: { readonly kind: string; readonly id: null; readonly origin?: Origin } = { kind: 'system', id: null };

export interface AuditDetails {
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
  reason?: string;
  onBehalfOf?: string;
}

/** Writes what was changed into the transaction that changes it. Secrets never go into `before` or `after`. */
@Injectable()
export class AuditService {
  constructor(private readonly clock: Clock) {}

  async record(tx: EntityManager, actor: AuditActor | typeof SYSTEM, action: string, targetId: string | null, details: AuditDetails = {}): Promise<void> {
    const event = Object.assign(new AuditEvent(), {
      at: this.clock.now(),
      actorKind: actor.kind,
      actorId: actor.id,
      action,
      targetId,
      ip: actor.origin?.ip ?? null,
      requestId: actor.origin?.requestId ?? null,
      ...details,
    });
    await insertRow(tx, AuditEvent, event);
  }
}
