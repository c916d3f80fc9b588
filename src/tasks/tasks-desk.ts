import { Injectable } from '@nestjs/common';
import { EntityManager, In, IsNull } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { EntityTransaction } from '../platform/database/entity-transaction.js';
import { Sql } from '../platform/database/sql.js';
import { Idempotency } from '../platform/idempotency/idempotency.js';
import type { IdempotentRequest } from '../platform/idempotency/idempotent-request.js';
import { NotFound, StaleVersion } from '../platform/problems/problems.js';
import { Task } from './task.entity.js';
import { UnknownTasks } from './tasks.problems.js';

/** The one way to change tasks: one transaction at a time for each owner, and nobody finds what is not theirs. */
@Injectable()
export class TasksDesk {
  constructor(
    private readonly sql: Sql,
    private readonly idempotency: Idempotency,
  ) {}

  change<T extends object>(actor: Actor, work: (tx: EntityManager) => Promise<T>, repeat?: IdempotentRequest): Promise<T> {
    return this.idempotency.inTransaction(repeat, async (tx) => {
      await this.hold(tx, actor.id);
      return work(tx);
    });
  }

  /** Until the transaction ends no other changes the owner's tasks; the trash apart, which a job empties. */
  private async hold(tx: EntityManager, ownerId: string): Promise<void> {
    const connection = new EntityTransaction(tx);
    const raise = () => connection.execute('UPDATE task_boards SET revision = revision + 1 WHERE owner_id = ?', [ownerId]);
    if ((await raise()).affected === 1) return;
    await connection.execute(`${this.sql.dialect.insertIgnore} task_boards (owner_id, revision) VALUES (?, 0)`, [ownerId]);
    await raise();
  }
}

/** A task of the owner that is not in the trash. */
export async function ownTask(db: EntityManager, ownerId: string, id: string, ifVersion?: number): Promise<Task> {
  const task = await db.findOneBy(Task, { id, ownerId, trashedAt: IsNull() });
  if (!task) throw new NotFound('task');
  if (ifVersion !== undefined && ifVersion !== task.version) throw new StaleVersion(task.version);
  return task;
}

/** All of them, in this order, or none. */
export async function ownTasks(db: EntityManager, ownerId: string, ids: readonly string[]): Promise<Task[]> {
  const found = new Map((await db.findBy(Task, { id: In([...ids]), ownerId })).map((task) => [task.id, task]));
  const unknown = ids.flatMap((id, index) => (found.has(id) ? [] : [index]));
  if (unknown.length > 0) throw new UnknownTasks(unknown);
  return ids.map((id) => found.get(id)!);
}
