import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, In, IsNull, Not, type FindOptionsWhere } from 'typeorm';
import { inBatches } from '../platform/database/in-batches.js';
import { AuditEvent } from './audit-event.entity.js';

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
   * Takes out what tells of a person: values before and after, and the addresses the person came from. Who did what to
   * whom, when and why stays, as the audit must outlive what it names.
   */
  async erasePersonal(principalId: string): Promise<number> {
    for (let erased = 0; ; ) {
      const events = await this.db.find(AuditEvent, { where: personal(principalId), select: { id: true, actorId: true }, take: CHUNK });
      for (const isOwn of [true, false]) {
        const ids = events.filter(({ actorId }) => (actorId === principalId) === isOwn).map(({ id }) => id);
        if (ids.length > 0) await this.db.update(AuditEvent, { id: In(ids) }, { before: null, after: null, ...(isOwn && { ip: null }) });
      }
      erased += events.length;
      if (events.length < CHUNK) return erased;
    }
  }
}

function personal(principalId: string): FindOptionsWhere<AuditEvent>[] {
  const something = Not(IsNull());
  return [
    { targetId: principalId, before: something },
    // How many rows of what were erased tells of nobody.
    { targetId: principalId, after: something, action: Not('users.erase') },
    { actorId: principalId, before: something },
    { actorId: principalId, after: something },
    { actorId: principalId, ip: something },
  ];
}
