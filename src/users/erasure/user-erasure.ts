import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, LessThan, MoreThan } from 'typeorm';
import { type AuditActor, AuditService, SYSTEM } from '../../audit/audit.service.js';
import { Changes } from '../../platform/changes/changes.js';
import { Clock } from '../../platform/clock/clock.js';
import { insertRow } from '../../platform/database/insert-row.js';
import { type JobReport, Jobs } from '../../platform/jobs/jobs.js';
import { NotFound } from '../../platform/problems/problems.js';
import { DataKeys } from '../data-keys.js';
import { type DeletedRecord, DeletedUsers } from '../deleted-users.service.js';
import { Principal } from '../principal.entity.js';
import { Events } from '../../webhooks/events.js';
import { ErasedUser } from './erased-user.entity.js';
import { Erasure } from './erasure.js';

const BATCH = 100;
const DAY_MS = 86_400_000;
/** Longer than anything waits in a spool while MySQL is away. */
const LATE_DAYS = 7;

/** Who would go, and how many rows of what. */
export interface ErasurePlan {
  readonly user: DeletedRecord;
  readonly rows: Record<string, number>;
}

/**
 * Makes an end of deleted users. Three steps, each of which may be the last before a crash: the user's key is destroyed,
 * and there is no way back; rows go, a thousand at a time; the principal goes, and its names are free. A user in the
 * middle of it is due, so the next run goes on.
 */
@Injectable()
export class UserErasure {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly deletedUsers: DeletedUsers,
    private readonly dataKeys: DataKeys,
    private readonly parts: Erasure,
    private readonly changes: Changes,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly events: Events,
    jobs: Jobs,
  ) {
    jobs.define({ name: 'users.purge-deleted', description: 'erases deleted users for good once their time to be restored is over', schedule: '0 41 * * * *', run: () => this.purge() });
  }

  /** Erases everybody who is due, and what arrived late of those who are gone. */
  async purge(): Promise<JobReport> {
    let users = 0;
    for await (const { id } of this.due()) users += Number((await this.erase(SYSTEM, id)) !== undefined);
    return { users, late_rows: await this.sweep() };
  }

  async *plan(): AsyncGenerator<ErasurePlan> {
    for await (const user of this.due()) yield { user, rows: await this.parts.count(user.id) };
  }

  /** Answers what went; undefined when another was faster. */
  async erase(who: AuditActor | typeof SYSTEM, id: string, reason?: string): Promise<Record<string, number> | undefined> {
    await this.begin(id);
    const rows = await this.parts.erase(id);
    const erased = await this.end(who, id, rows, reason);
    return erased ? rows : undefined;
  }

  private begin(id: string): Promise<void> {
    return this.db.transaction(async (tx) => {
      if (!(await this.deletedUsers.beginErasing(tx, id))) throw new NotFound('deleted-user');
      await this.dataKeys.erase(tx, id);
    });
  }

  private end(who: AuditActor | typeof SYSTEM, id: string, rows: Record<string, number>, reason: string | undefined): Promise<boolean> {
    return this.db.transaction(async (tx) => {
      const { affected } = await tx.delete(Principal, { id });
      if (affected !== 1) return false;
      const now = this.clock.now();
      await insertRow(tx, ErasedUser, { id, erasedAt: now });
      await this.audit.record(tx, who, 'users.erase', id, { after: rows, reason });
      await this.changes.announce(tx, 'principal-changed', id);
      // Nobody's, or what still comes late of this user would take it along.
      await this.events.emit(tx, { type: 'user.erased', userId: null, data: { id } });
      return true;
    });
  }

  /** Message logs may lie in a spool while their user goes; nothing but their id tells whose they were. */
  private async sweep(): Promise<number> {
    let late = 0;
    for await (const { id } of this.erasedLately()) late += sum(await this.parts.erase(id));
    await this.db.delete(ErasedUser, { erasedAt: LessThan(new Date(this.clock.millis() - LATE_DAYS * DAY_MS)) });
    return late;
  }

  private due(): AsyncGenerator<DeletedRecord> {
    return byId((after) => this.deletedUsers.due(after, BATCH));
  }

  private erasedLately(): AsyncGenerator<ErasedUser> {
    return byId((after) => this.db.find(ErasedUser, { where: { id: MoreThan(after) }, order: { id: 'ASC' }, take: BATCH }));
  }
}

async function* byId<T extends { id: string }>(read: (after: string) => Promise<T[]>): AsyncGenerator<T> {
  for (let after = ''; ; ) {
    const batch = await read(after);
    yield* batch;
    if (batch.length < BATCH) return;
    after = batch.at(-1)!.id;
  }
}

function sum(rows: Record<string, number>): number {
  return Object.values(rows).reduce((total, each) => total + each, 0);
}
