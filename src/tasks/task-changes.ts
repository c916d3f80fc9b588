import type { EntityManager } from 'typeorm';
import { comparable } from '../platform/http/text.js';
import { lastPlace } from './board/positions.js';
import { setStatus } from './completion.js';
import { schedule, type ScheduleChange } from './due/schedule.js';
import { setTags, tagsOf } from './tags.js';
import type { Task, TaskPriority, TaskStatus } from './task.entity.js';
import { indexTask } from './task-search.js';
import { rankOf } from './tasks.list.js';
import { demandParent } from './tree/tree.js';

/** What clients say about a task; what they do not say stays as it is. */
export interface TaskChange extends ScheduleChange {
  readonly title?: string | undefined;
  readonly description?: string | null | undefined;
  readonly status?: TaskStatus | undefined;
  readonly priority?: TaskPriority | undefined;
  readonly position?: number | undefined;
  readonly parentId?: string | null | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** All but the status, on the task alone: whoever calls writes it. */
export async function setTerms(tx: EntityManager, task: Task, change: TaskChange): Promise<void> {
  const { title, description, priority, position, parentId } = change;
  if (title !== undefined) Object.assign(task, { title, titleKey: comparable(title).slice(0, 500) });
  if (description !== undefined) task.description = description === '' ? null : description;
  if (priority !== undefined) task.priority = rankOf(priority);
  schedule(task, change);
  if (parentId !== undefined && parentId !== task.parentId) {
    if (parentId !== null) await demandParent(tx, task, parentId);
    task.parentId = parentId;
  }
  if (position !== undefined) task.position = position;
}

/** Changes a task inside a transaction that holds its owner's lock. */
export async function changeTask(tx: EntityManager, task: Task, change: TaskChange, now: Date): Promise<void> {
  const { status, position, title, description, tags } = change;
  await setTerms(tx, task, change);
  if (status !== undefined) await setStatus(tx, task, status, now);
  // A change of the status puts it at the end of its column, unless a place is named with it.
  if (position !== undefined) task.position = position;
  await touch(tx, task, now);
  if (tags !== undefined) await setTags(tx, task.id, tags);
  if (title !== undefined || description !== undefined || tags !== undefined) await indexTask(tx, task, tags ?? (await tagsOf(tx, [task.id])).get(task.id)!);
}

/** Writes it, as a new version. */
export async function touch(tx: EntityManager, task: Task, now: Date): Promise<void> {
  task.updatedAt = now;
  task.version += 1;
  await tx.save(task);
}

/** The place of a new task: the one that was asked for, or the last. */
export async function placeOfNew(tx: EntityManager, task: Task, { position }: TaskChange): Promise<number> {
  return position ?? lastPlace(tx, task, task.id);
}
