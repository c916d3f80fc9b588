import { setImmediate as breathe } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { EntityTransaction } from '../../platform/database/entity-transaction.js';
import { placeholders, type SqlValue } from '../../platform/database/sql.js';
import type { Task, TaskStatus } from '../task.entity.js';
import { between, GAP } from './between.js';

interface Column {
  readonly ownerId: string;
  readonly status: TaskStatus;
}

interface Placed {
  readonly id: string;
  readonly position: number;
}

/** Where a task is put: behind one or before one of the same column. */
export interface Neighbour {
  readonly side: 'after' | 'before';
  readonly task: Task;
}

const AT_ONCE = 500;
const LIVE = 'owner_id = ? AND status = ? AND trashed_at IS NULL';
const LAST = `SELECT id, position FROM tasks WHERE ${LIVE} AND id <> ? ORDER BY position DESC, id DESC LIMIT 1`;
const NEXT = `SELECT id, position FROM tasks WHERE ${LIVE} AND id <> ? AND (position > ? OR (position = ? AND id > ?)) ORDER BY position, id LIMIT 1`;
const PREVIOUS = `SELECT id, position FROM tasks WHERE ${LIVE} AND id <> ? AND (position < ? OR (position = ? AND id < ?)) ORDER BY position DESC, id DESC LIMIT 1`;
const EVERY = `SELECT id FROM tasks WHERE ${LIVE} ORDER BY position, id`;

/** A place at the end of a column for a task. The transaction holds the owner's lock. */
export async function lastPlace(tx: EntityManager, column: Column, taskId: string): Promise<number> {
  const place = async (): Promise<number | undefined> => between((await one(tx, LAST, [column.ownerId, column.status, taskId]))?.position, undefined);
  return (await place()) ?? numberedAnew(tx, column, place);
}

/** A place right beside another task; where none is left, the column is numbered anew. The transaction holds the owner's lock. */
export async function placeBeside(tx: EntityManager, column: Column, taskId: string, { side, task }: Neighbour): Promise<number> {
  const place = async (): Promise<number | undefined> => {
    const position = await positionOf(tx, task.id);
    const beyond = await one(tx, side === 'after' ? NEXT : PREVIOUS, [column.ownerId, column.status, taskId, position, position, task.id]);
    return side === 'after' ? between(position, beyond?.position) : between(beyond?.position, position);
  };
  return (await place()) ?? numberedAnew(tx, column, place);
}

async function numberedAnew(tx: EntityManager, column: Column, place: () => Promise<number | undefined>): Promise<number> {
  const connection = new EntityTransaction(tx);
  const { rows } = await connection.execute(EVERY, [column.ownerId, column.status]);
  const ids = rows.map(([id]) => id as string);
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const some = ids.slice(start, start + AT_ONCE);
    const cases = some.map(() => 'WHEN ? THEN ?').join(' ');
    const values: SqlValue[] = some.flatMap((id, index) => [id, (start + index + 1) * GAP]);
    await connection.execute(`UPDATE tasks SET position = CASE id ${cases} END WHERE id IN (${placeholders(some.length)})`, [...values, ...some]);
    await breathe();
  }
  return (await place())!;
}

async function positionOf(tx: EntityManager, id: string): Promise<number> {
  return (await one(tx, 'SELECT id, position FROM tasks WHERE id = ?', [id]))!.position;
}

async function one(tx: EntityManager, statement: string, values: readonly SqlValue[]): Promise<Placed | undefined> {
  const { rows } = await new EntityTransaction(tx).execute(statement, values);
  return rows[0] && { id: rows[0][0] as string, position: Number(rows[0][1]) };
}
