import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CronExpression } from '@nestjs/schedule';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, In, IsNull, Not } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { AuditService } from '../../audit/audit.service.js';
import { Clock } from '../../platform/clock/clock.js';
import { LocalDays } from '../../platform/clock/local-days.js';
import { Settings } from '../../platform/config/settings.js';
import { rowLock } from '../../platform/database/row-lock.js';
import { Sql } from '../../platform/database/sql.js';
import { Jobs } from '../../platform/jobs/jobs.js';
import { type ListPage, Lists } from '../../platform/lists/lists.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { NotFound } from '../../platform/problems/problems.js';
import { type Shown, shown, shownOne } from '../shown.js';
import { narrowed } from '../task-filters.js';
import { Task } from '../task.entity.js';
import { TRASH_LIST } from '../tasks.list.js';
import { ownTask, TasksDesk } from '../tasks-desk.js';
import { below } from '../tree/tree.js';

const DAY_MS = 86_400_000;
const CHUNK = 500;

/** Tasks that were deleted and can still be brought back. */
@Injectable()
export class TrashService implements OnModuleInit {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly days: LocalDays,
    private readonly settings: Settings,
    private readonly desk: TasksDesk,
    private readonly lists: Lists,
    private readonly audit: AuditService,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.define({ name: 'tasks.purge-trash', description: 'Removes tasks that have been in the trash for too long.', schedule: CronExpression.EVERY_HOUR, run: () => this.purgeOld() });
  }

  async list(actor: Actor, wanted: Wanted): Promise<ListPage<Shown>> {
    const looking = { db: this.db, days: this.days, ownerId: actor.id, now: this.clock.now(), zone: 'UTC' };
    const { rest, scope } = narrowed(wanted, looking, 'tasks.trashed_at IS NOT NULL');
    const page = await this.lists.page(TRASH_LIST, rest, scope);
    return { ...page, data: await shown(this.db, page.data) };
  }

  put(actor: Actor, id: string, ifVersion?: number): Promise<Shown> {
    return this.desk.change(actor, async (tx) => {
      const task = await ownTask(tx, actor.id, id, ifVersion);
      await putIntoTrash(tx, task, this.clock.now());
      return shownOne(tx, await tx.findOneByOrFail(Task, { id }));
    });
  }

  /** One that is not in the trash stays as it is. */
  restore(actor: Actor, id: string): Promise<Shown> {
    return this.desk.change(actor, async (tx) => {
      // With a lock on the row: the job that empties the trash does not wait for the owner's.
      const task = await tx.findOne(Task, { where: { id, ownerId: actor.id }, lock: rowLock(tx) });
      if (!task) throw new NotFound('task');
      await restoreFromTrash(tx, [task], this.clock.now());
      return shownOne(tx, await tx.findOneByOrFail(Task, { id }));
    });
  }

  /** For good. */
  purge(actor: Actor, id: string): Promise<Task> {
    return this.desk.change(actor, async (tx) => {
      const task = await tx.findOneBy(Task, { id, ownerId: actor.id, trashedAt: Not(IsNull()) });
      if (!task) throw new NotFound('task');
      const parts = await below(tx, task, task.trashedAt);
      await tx.delete(Task, { id: In([task, ...parts.flat()].map((each) => each.id)) });
      await this.audit.record(tx, actor, 'tasks.purge', id, { before: { parts: parts.flat().length } });
      return task;
    });
  }

  /** For good, all of the caller's. In short transactions: there may be many. */
  async empty(actor: Actor): Promise<{ removed: number }> {
    for (let removed = 0; ; ) {
      const { affected } = await this.desk.change(actor, async (tx) => {
        const some = await tx.find(Task, { select: { id: true }, where: { ownerId: actor.id, trashedAt: Not(IsNull()) }, take: CHUNK });
        if (some.length > 0) await tx.delete(Task, { id: In(some.map(({ id }) => id)) });
        if (some.length > 0) await this.audit.record(tx, actor, 'tasks.empty-trash', actor.id, { before: { tasks: some.length } });
        return { affected: some.length };
      });
      removed += affected;
      if (affected < CHUNK) return { removed };
    }
  }

  async purgeOld(): Promise<{ removed: number }> {
    const before = new Date(this.clock.millis() - this.settings.taskTrashDays * DAY_MS);
    const statement = this.sql.dialect.deleteSome('tasks', 'trashed_at < ?', CHUNK);
    for (let removed = 0; ; ) {
      const { affected } = await this.sql.execute(statement, [before]);
      removed += affected;
      if (affected < CHUNK) return { removed };
    }
  }
}

/** With all that is a part of it. Joins a transaction that holds the owner's lock. */
export async function putIntoTrash(tx: EntityManager, task: Task, now: Date): Promise<void> {
  const parts = await below(tx, task, null);
  await setTrashed(tx, [task, ...parts.flat()], now, now);
}

/** Each with all that went there together with it. What one was a part of may be gone by now. */
export async function restoreFromTrash(tx: EntityManager, tasks: readonly Task[], now: Date): Promise<void> {
  const trashed = tasks.filter(({ trashedAt }) => trashedAt !== null);
  const restored = new Map<string, Task>();
  for (const task of trashed) for (const each of [task, ...(await below(tx, task, task.trashedAt)).flat()]) restored.set(each.id, each);
  await setTrashed(tx, [...restored.values()], null, now);
  for (const { id, parentId } of trashed) {
    const isLost = parentId !== null && !(await tx.existsBy(Task, { id: parentId, trashedAt: IsNull() }));
    if (isLost) await tx.update(Task, { id }, { parentId: null });
  }
}

async function setTrashed(tx: EntityManager, tasks: readonly Task[], trashedAt: Date | null, now: Date): Promise<void> {
  await tx.update(Task, { id: In(tasks.map(({ id }) => id)) }, { trashedAt, updatedAt: now, version: () => 'version + 1' });
}
