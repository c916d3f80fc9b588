import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, In, IsNull, Not, type FindOptionsWhere } from 'typeorm';
import { inBatches } from '../platform/database/in-batches.js';
import { AuditEvent } from './audit-event.entity.js';
import { ERASURE } from './chain.js';

const CHUNK = 500;

export type TrailEvent = Readonly<AuditEvent>;

/** What the audit holds about one principal. */
@Injectable()
export class AuditTrail {
  constructor(@InjectEntityManager() private readonly db: EntityManager) {}

  /** What was done to it, then what it did to others. */
  async *of(principalId: string): AsyncGenerator<TrailEvent> {
    yield* inBatches(this.db, AuditEvent, { targetId: principalId }, 'id');
    for await (const event of inBatches(this.db, AuditEvent, { actorId: principalId }, 'id')) if (event.targetId !== principalId) yield event;
  }

  countPersonal(principalId: string): Promise<number> {
    return this.db.countBy(AuditEvent, personal(principalId));
  }

  /**
   * Takes out what tells of a person: values before and after, addresses, and the salt of their hash, so that nobody can find
   * them out by trying. Who did what to whom, when and why stays, and the chain still proves it.
   */
  async erasePersonal(principalId: string): Promise<number> {
    for (let erased = 0; ; ) {
      const events = await this.db.find(AuditEvent, { where: personal(principalId), select: { id: true }, take: CHUNK });
      const ids = events.map(({ id }) => id);
      if (ids.length > 0) await this.db.update(AuditEvent, { id: In(ids) }, { before: null, after: null, ip: null, salt: null });
      erased += events.length;
      if (events.length < CHUNK) return erased;
    }
  }
}

/** How many rows of what were erased tells of nobody; that row is what allows the others to have no details. */
function personal(principalId: string): FindOptionsWhere<AuditEvent>[] {
  const something = Not(IsNull());
  return [
    { targetId: principalId, salt: something, action: Not(ERASURE) },
    { actorId: principalId, salt: something, action: Not(ERASURE) },
  ];
}
