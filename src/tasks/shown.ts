import type { EntityManager } from 'typeorm';
import { padded, placeholders } from '../platform/database/sql.js';
import { tagsOf } from './tags.js';
import type { Task } from './task.entity.js';

/** How far the parts of a task are. */
export interface Parts {
  readonly total: number;
  readonly completed: number;
}

/** A task with what other tables know about it. */
export interface Shown {
  readonly task: Task;
  readonly tags: readonly string[];
  readonly parts: Parts;
}

const NO_PARTS: Parts = { total: 0, completed: 0 };

export async function shown(db: EntityManager, tasks: readonly Task[]): Promise<Shown[]> {
  const ids = tasks.map(({ id }) => id);
  const [tags, parts] = [await tagsOf(db, ids), await partsOf(db, ids)];
  return tasks.map((task) => ({ task, tags: tags.get(task.id)!, parts: parts.get(task.id) ?? NO_PARTS }));
}

export async function shownOne(db: EntityManager, task: Task): Promise<Shown> {
  return (await shown(db, [task]))[0]!;
}

async function partsOf(db: EntityManager, ids: readonly string[]): Promise<Map<string, Parts>> {
  if (ids.length === 0) return new Map();
  const asked = padded(ids);
  const statement = `SELECT parent_id, COUNT(*) AS total, SUM(CASE WHEN status = 'completed' THEN 1 ELSE 0 END) AS completed FROM tasks WHERE parent_id IN (${placeholders(asked.length)}) AND trashed_at IS NULL GROUP BY parent_id`;
  const rows: { parent_id: string; total: unknown; completed: unknown }[] = await db.query(statement, asked);
  return new Map(rows.map((row) => [row.parent_id, { total: Number(row.total), completed: Number(row.completed) }]));
}
