import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Clock } from '../../platform/clock/clock.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { type Shown, shown } from '../shown.js';
import { keyOf, MOST_TAGS, tagsOf } from '../tags.js';
import { changeTask, type TaskChange } from '../task-changes.js';
import type { Task } from '../task.entity.js';
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

type Step = (tx: EntityManager, task: Task, bulk: Bulk, now: Date) => Promise<void>;

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
        await ownTasks(tx, actor.id, ids);
        const now = this.clock.now();
        // One after another, each read anew: an earlier one may have taken it along, or pushed it elsewhere.
        for (const id of ids) await STEPS[bulk.action](tx, (await ownTasks(tx, actor.id, [id]))[0]!, bulk, now);
        return answer(await shown(tx, await ownTasks(tx, actor.id, ids)));
      },
      repeat,
    );
  }
}

const STEPS: Readonly<Record<BulkAction, Step>> = {
  update: async (tx, { id, ownerId }, { change = {}, addTags = [], removeTags = [] }, now) => {
    const task = await ownTask(tx, ownerId, id);
    const retag = addTags.length + removeTags.length > 0;
    await changeTask(tx, task, retag ? { ...change, tags: await retagged(tx, id, change.tags, addTags, removeTags) } : change, now);
  },
  trash: async (tx, task, _, now) => {
    if (task.trashedAt === null) await putIntoTrash(tx, task, now);
  },
  restore: async (tx, task, _, now) => restoreFromTrash(tx, task, now),
};

async function retagged(tx: EntityManager, id: string, replaced: readonly string[] | undefined, added: readonly string[], removed: readonly string[]): Promise<string[]> {
  const gone = new Set(removed.map(keyOf));
  const before = replaced ?? (await tagsOf(tx, [id])).get(id)!;
  const tags = new Map([...before, ...added].filter((tag) => !gone.has(keyOf(tag))).map((tag) => [keyOf(tag), tag]));
  if (tags.size > MOST_TAGS) throw new TooManyTasks('tags of a task', MOST_TAGS);
  return [...tags.values()];
}
