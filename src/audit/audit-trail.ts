import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, In, IsNull, MoreThan, Not, type FindOptionsWhere } from 'typeorm';
import { type ListPage, Lists } from '../platform/lists/lists.js';
import type { Wanted } from '../platform/lists/wanted.js';
import { NotFound } from '../platform/problems/problems.js';
import { AuditEvent } from './audit-event.entity.js';
import { AUDIT_EVENTS_LIST } from './audit-events.list.js';
import { ERASURE } from './chain.js';

const CHUNK = 500;

export type TrailEvent = Readonly<AuditEvent>;

/** Reads audit rows, and takes out what tells of people who are erased. */
@Injectable()
export class AuditTrail {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly lists: Lists,
  ) {}

  list(wanted: Wanted): Promise<ListPage<AuditEvent>> {
    return this.lists.page(AUDIT_EVENTS_LIST, wanted);
  }

  async get(id: string): Promise<AuditEvent> {
    const event = await this.db.findOneBy(AuditEvent, { id });
    if (!event) throw new NotFound('audit-event');
    return event;
  }

  /** What was done to a principal, then what it did to others. */
  async *of(principalId: string): AsyncGenerator<TrailEvent> {
    yield* this.inOrder({ targetId: principalId });
    for await (const event of this.inOrder({ actorId: principalId })) if (event.targetId !== principalId) yield event;
  }

  /** Oldest first, a batch in memory at a time. */
  private async *inOrder(where: FindOptionsWhere<AuditEvent>): AsyncGenerator<AuditEvent> {
    for (let last: AuditEvent | undefined; ; ) {
      const after = last ? [{ ...where, at: MoreThan(last.at) }, { ...where, at: last.at, id: MoreThan(last.id) }] : where;
      const batch = await this.db.find(AuditEvent, { where: after, order: { at: 'ASC', id: 'ASC' }, take: CHUNK });
      yield* batch;
      if (batch.length < CHUNK) return;
      last = batch.at(-1);
    }
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
