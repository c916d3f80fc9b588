import type { EntityManager } from 'typeorm';
import { insertRow } from '../platform/database/insert-row.js';
import { GAP } from './board/between.js';
import { lastPlace } from './board/positions.js';
import { columnsOf, dueOfTask } from './due/schedule.js';
import { nextOf } from './recurrence/occurrences.js';
import { setTags, tagsOf } from './tags.js';
import { Task, type TaskStatus } from './task.entity.js';
import { indexTask } from './task-search.js';
import { below } from './tree/tree.js';

/*
 * All of these join a transaction that holds the owner's lock.
 */

/** Puts a task into another column, at its end. Completing one that recurs makes the next, once. */
export async function setStatus(tx: EntityManager, task: Task, status: TaskStatus, now: Date): Promise<void> {
  if (status === task.status) return;
  task.status = status;
  task.completedAt = status === 'completed' ? now : null;
  task.position = await lastPlace(tx, task, task.id);
  if (status === 'completed') await makeNext(tx, task, now);
}

export async function successorOf(db: EntityManager, { id: previousId }: Task): Promise<Task | null> {
  return db.findOneBy(Task, { previousId });
}

async function makeNext(tx: EntityManager, task: Task, now: Date): Promise<void> {
  const { recurrence: rule, recurrenceStart: start } = task;
  if (rule === null || start === null || (await successorOf(tx, task))) return;
  const due = nextOf({ rule, start }, dueOfTask(task)!, now);
  if (!due) return;
  const next = Object.assign(copyOf(task, now), { parentId: task.parentId, recurrence: rule, recurrenceStart: start, previousId: task.id, ...columnsOf(due) });
  next.position = await lastPlace(tx, next, next.id);
  await insertCopies(tx, new Map([[task.id, next]]));
  await copyBelow(tx, task, next, now);
}

/** The parts of a task begin anew with it. They have no dates: those were of the time that is over. */
async function copyBelow(tx: EntityManager, task: Task, next: Task, now: Date): Promise<void> {
  const ids = new Map([[task.id, next.id]]);
  let { position } = next;
  for (const level of await below(tx, task, null)) {
    const copies = new Map(level.map((part) => [part.id, Object.assign(copyOf(part, now), { parentId: ids.get(part.parentId!)!, position: (position += GAP) })]));
    for (const [id, copy] of copies) ids.set(id, copy.id);
    await insertCopies(tx, copies);
  }
}

function copyOf({ ownerId, title, titleKey, description, priority, timeZone }: Task, now: Date): Task {
  return Object.assign(new Task(), { ownerId, title, titleKey, description, priority, timeZone, createdAt: now, updatedAt: now });
}

/** @param copies by the id of what they are copies of */
async function insertCopies(tx: EntityManager, copies: ReadonlyMap<string, Task>): Promise<void> {
  await insertRow(tx, Task, [...copies.values()]);
  const tags = await tagsOf(tx, [...copies.keys()]);
  for (const [id, copy] of copies) {
    await setTags(tx, copy.id, tags.get(id)!);
    await indexTask(tx, copy, tags.get(id)!);
  }
}
