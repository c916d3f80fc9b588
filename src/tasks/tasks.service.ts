import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { Clock } from '../platform/clock/clock.js';
import { LocalDays } from '../platform/clock/local-days.js';
import { insertRow } from '../platform/database/insert-row.js';
import type { IdempotentRequest } from '../platform/idempotency/idempotent-request.js';
import { type ListPage, Lists } from '../platform/lists/lists.js';
import type { Wanted } from '../platform/lists/wanted.js';
import { UsersService } from '../users/users.service.js';
import { type Neighbour, placeBeside } from './board/positions.js';
import { setStatus, successorOf } from './completion.js';
import { type Shown, shown, shownOne } from './shown.js';
import { setTags } from './tags.js';
import { changeTask, placeOfNew, setTerms, type TaskChange, touch } from './task-changes.js';
import { narrowed } from './task-filters.js';
import { Task, type TaskStatus } from './task.entity.js';
import { indexTask } from './task-search.js';
import { TASKS_LIST } from './tasks.list.js';
import { NoNeighbour, TooManyTasks } from './tasks.problems.js';
import { ownTask, TasksDesk } from './tasks-desk.js';

/** Those in the trash count too, until they are gone. */
const MOST = 20_000;

export interface Move {
  readonly status?: TaskStatus | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** With the task that its completion made. */
export interface Completed extends Shown {
  readonly nextId: string | null;
}

@Injectable()
export class TasksService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    private readonly days: LocalDays,
    private readonly desk: TasksDesk,
    private readonly lists: Lists,
    private readonly users: UsersService,
  ) {}

  async list(actor: Actor, wanted: Wanted): Promise<ListPage<Shown>> {
    const looking = { db: this.db, days: this.days, ownerId: actor.id, now: this.clock.now(), zone: await this.zoneOf(actor) };
    const { rest, scope } = narrowed(wanted, looking, 'tasks.trashed_at IS NULL');
    const page = await this.lists.page(TASKS_LIST, rest, scope);
    return { ...page, data: await shown(this.db, page.data) };
  }

  async get(actor: Actor, id: string): Promise<Shown> {
    return shownOne(this.db, await ownTask(this.db, actor.id, id));
  }

  async create<T extends object>(actor: Actor, request: TaskChange & { title: string }, answer: (made: Shown) => T, repeat?: IdempotentRequest): Promise<T> {
    const timeZone = request.timeZone ?? (await this.zoneOf(actor));
    return this.desk.change(
      actor,
      async (tx) => {
        const now = this.clock.now();
        if ((await tx.countBy(Task, { ownerId: actor.id })) >= MOST) throw new TooManyTasks('tasks', MOST);
        const status = request.status ?? 'pending';
        const task = Object.assign(new Task(), { ownerId: actor.id, timeZone, status, completedAt: status === 'completed' ? now : null, createdAt: now, updatedAt: now });
        await setTerms(tx, task, request);
        task.position = await placeOfNew(tx, task, request);
        await insertRow(tx, Task, task);
        await setTags(tx, task.id, request.tags ?? []);
        await indexTask(tx, task, request.tags ?? []);
        return answer(await shownOne(tx, task));
      },
      repeat,
    );
  }

  update(actor: Actor, id: string, change: TaskChange, ifVersion?: number): Promise<Shown> {
    return this.desk.change(actor, async (tx) => {
      const task = await ownTask(tx, actor.id, id, ifVersion);
      await changeTask(tx, task, change, this.clock.now());
      return shownOne(tx, task);
    });
  }

  /** Of twenty at once one completes it and the others find it completed: they are all told the same. */
  complete(actor: Actor, id: string): Promise<Completed> {
    return this.desk.change(actor, async (tx) => {
      const task = await ownTask(tx, actor.id, id);
      await this.turnTo(tx, task, 'completed');
      const next = await successorOf(tx, task);
      return { ...(await shownOne(tx, task)), nextId: next?.id ?? null };
    });
  }

  /** The task that its completion made stays. */
  reopen(actor: Actor, id: string): Promise<Shown> {
    return this.desk.change(actor, async (tx) => {
      const task = await ownTask(tx, actor.id, id);
      if (task.status === 'completed') await this.turnTo(tx, task, 'pending');
      return shownOne(tx, task);
    });
  }

  /** To the end of a column, or right beside a task in it. */
  move(actor: Actor, id: string, { status, after, before }: Move): Promise<Shown> {
    return this.desk.change(actor, async (tx) => {
      const task = await ownTask(tx, actor.id, id);
      const beside = after ?? before;
      const neighbour = beside === undefined ? undefined : { side: after === undefined ? 'before' : 'after', task: await ownTask(tx, actor.id, beside) } as const;
      await this.put(tx, task, status ?? neighbour?.task.status ?? task.status, neighbour);
      return shownOne(tx, task);
    });
  }

  private async put(tx: EntityManager, task: Task, status: TaskStatus, neighbour: Neighbour | undefined): Promise<void> {
    const now = this.clock.now();
    if (neighbour && (neighbour.task.id === task.id || neighbour.task.status !== status)) throw new NoNeighbour();
    await setStatus(tx, task, status, now);
    if (neighbour) task.position = await placeBeside(tx, task, task.id, neighbour);
    else task.position = await placeOfNew(tx, task, {});
    await touch(tx, task, now);
  }

  private async turnTo(tx: EntityManager, task: Task, status: TaskStatus): Promise<void> {
    if (task.status === status) return;
    const now = this.clock.now();
    await setStatus(tx, task, status, now);
    await touch(tx, task, now);
  }

  private async zoneOf({ id, timeZone }: Actor): Promise<string> {
    return timeZone ?? (await this.users.get(id)).timeZone;
  }
}
