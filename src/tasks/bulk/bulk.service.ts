import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Clock } from '../../platform/clock/clock.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { type Shown, shown } from '../shown.js';
import { keyOf, MOST_TAGS, tagsOf } from '../tags.js';
import { changeTask, type TaskChange } from '../task-changes.js';
import { Task } from '../task.entity.js';
import { TooManyTasks } from '../tasks.problems.js';
import { ownTask, ownTasks, TasksDesk } from '../tasks-desk.js';
import { putIntoTrash, restoreFromTrash } from '../trash/trash.service.js';

export const BULK_ACTIONS = ['update', 'trash', 'restore'] as const;
export type BulkAction = (typeof BULK_ACTIONS)[number];

export interface Bulk {
  readonly action: BulkAction;
  readonly ids: readonly string[];
  readonly change?: TaskChange | undefined;
  readonly addTags?: readonly string[] | undefined;
  readonly removeTags?: readonly string[] | undefined;
}

/** Many tasks at once: all of them, or none. */
@Injectable()
export class BulkService {
  constructor(
    private readonly clock: Clock,
    private readonly desk: TasksDesk,
  ) {}

  run<T extends object>(actor: Actor, bulk: Bulk, answer: (tasks: Shown[]) => T, repeat?: IdempotentRequest): Promise<T> {
    const ids = [...new Set(bulk.ids)];
    return this.desk.change(
      actor,
      async (tx) => {
        await STEPS[bulk.action](tx, await ownTasks(tx, actor.id, ids), bulk, this.clock.now());
        return answer(await shown(tx, await ownTasks(tx, actor.id, ids)));
      },
      repeat,
    );
  }
}

const STEPS: Readonly<Record<BulkAction, (tx: EntityManager, tasks: readonly Task[], bulk: Bulk, now: Date) => Promise<void>>> = {
  // Each read anew: what became of an earlier one may have changed it.
  update: async (tx, tasks, bulk, now) => {
    for (const { id, ownerId } of tasks) await updated(tx, await ownTask(tx, ownerId, id), bulk, now);
  },
  trash: async (tx, tasks, _, now) => {
    for (const { id } of tasks) {
      const task = await tx.findOneByOrFail(Task, { id });
      if (task.trashedAt === null) await putIntoTrash(tx, task, now);
    }
  },
  restore: (tx, tasks, _, now) => restoreFromTrash(tx, tasks, now),
};

async function updated(tx: EntityManager, task: Task, { change = {}, addTags = [], removeTags = [] }: Bulk, now: Date): Promise<void> {
  const isRetagged = addTags.length + removeTags.length > 0;
  await changeTask(tx, task, isRetagged ? { ...change, tags: await retagged(tx, task.id, change.tags, addTags, removeTags) } : change, now);
}

async function retagged(tx: EntityManager, id: string, replaced: readonly string[] | undefined, added: readonly string[], removed: readonly string[]): Promise<string[]> {
  const gone = new Set(removed.map(keyOf));
  const before = replaced ?? (await tagsOf(tx, [id])).get(id)!;
  const tags = new Map([...before, ...added].filter((tag) => !gone.has(keyOf(tag))).map((tag) => [keyOf(tag), tag]));
  if (tags.size > MOST_TAGS) throw new TooManyTasks('tags of a task', MOST_TAGS);
  return [...tags.values()];
}
