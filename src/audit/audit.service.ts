import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, type QueryRunner } from 'typeorm';
import type { Actor, Origin } from '../access/actor.js';
import { PrincipalKind } from '../access/permission.js';
import { Clock } from '../platform/clock/clock.js';
import { beforeCommit } from '../platform/database/commit-hooks.js';
import { AuditChain } from './audit-chain.js';
import { AuditEvent } from './audit-event.entity.js';

/** Who did it: a caller, or the service itself (a job, the command line). */
export type AuditActor = Pick<Actor, 'id' | 'origin' | 'impersonator'> & { readonly kind: string };

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
  private readonly recorded = new WeakMap<QueryRunner, AuditEvent[]>();

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    private readonly chain: AuditChain,
  ) {}

  /** The row is written right before the transaction commits, and with it. */
  async record(tx: EntityManager, actor: AuditActor | typeof SYSTEM, action: string, targetId: string | null, details: AuditDetails = {}): Promise<void> {
    if (!tx.queryRunner) return this.db.transaction((own) => this.record(own, actor, action, targetId, details));
    const event = Object.assign(new AuditEvent(), {
      at: this.clock.now(),
      ...doer(actor),
      action,
      targetId,
      ip: actor.origin?.ip ?? null,
      requestId: actor.origin?.requestId ?? null,
      ...details,
    });
    this.add(tx, tx.queryRunner, event);
  }

  private add(tx: EntityManager, runner: QueryRunner, event: AuditEvent): void {
    const events = this.recorded.get(runner);
    if (events) return void events.push(event);
    const first = [event];
    this.recorded.set(runner, first);
    beforeCommit(tx, () => this.chain.append(tx, first));
  }
}

/** Who acts as a user did it, on the user's behalf. */
function doer(actor: AuditActor | typeof SYSTEM): { actorKind: string; actorId: string | null; onBehalfOf?: string } {
  if ('impersonator' in actor && actor.impersonator) return { actorKind: PrincipalKind.Admin, actorId: actor.impersonator.id, onBehalfOf: actor.id };
  return { actorKind: actor.kind, actorId: actor.id };
}
