import { parse } from 'node:querystring';
import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Clock } from '../../platform/clock/clock.js';
import { isDuplicate } from '../../platform/database/failures.js';
import { insertRow } from '../../platform/database/insert-row.js';
import { comparable } from '../../platform/http/text.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { refuse } from '../../platform/lists/dialects.js';
import type { ListPage } from '../../platform/lists/lists.js';
import { type Wanted, wantedOf } from '../../platform/lists/wanted.js';
import { NotFound, StaleVersion } from '../../platform/problems/problems.js';
import type { Shown } from '../shown.js';
import { demandDueWords } from '../task-filters.js';
import { TASKS_LIST } from '../tasks.list.js';
import { TooManyTasks, ViewNameTaken } from '../tasks.problems.js';
import { TasksDesk } from '../tasks-desk.js';
import { TasksService } from '../tasks.service.js';
import { TaskView } from './task-view.entity.js';

const MOST = 100;
/** Which page is asked for when the view is read, and which records are no question of filters. */
const NOT_KEPT = ['limit', 'cursor', 'range', '_start', '_end', 'id'];

export interface ViewTerms {
  readonly name?: string | undefined;
  readonly query?: string | undefined;
}

/** Lists of tasks that are kept by name. */
@Injectable()
export class ViewsService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    private readonly desk: TasksDesk,
    private readonly tasks: TasksService,
  ) {}

  list({ id: ownerId }: Actor): Promise<TaskView[]> {
    return this.db.find(TaskView, { where: { ownerId }, order: { nameKey: 'ASC' } });
  }

  async get({ id: ownerId }: Actor, id: string): Promise<TaskView> {
    return ownView(this.db, ownerId, id);
  }

  create<T extends object>(actor: Actor, terms: { name: string; query: string }, answer: (view: TaskView) => T, repeat?: IdempotentRequest): Promise<T> {
    demandReadable(terms.query);
    return this.desk.change(
      actor,
      async (tx) => {
        if ((await tx.countBy(TaskView, { ownerId: actor.id })) >= MOST) throw new TooManyTasks('views', MOST);
        const now = this.clock.now();
        const view = Object.assign(new TaskView(), keyed(terms), { ownerId: actor.id, createdAt: now, updatedAt: now });
        await unlessTaken(view, () => insertRow(tx, TaskView, view));
        return answer(view);
      },
      repeat,
    );
  }

  update(actor: Actor, id: string, terms: ViewTerms, ifVersion?: number): Promise<TaskView> {
    if (terms.query !== undefined) demandReadable(terms.query);
    return this.desk.change(actor, async (tx) => {
      const view = await ownView(tx, actor.id, id, ifVersion);
      Object.assign(view, keyed(terms), { updatedAt: this.clock.now(), version: view.version + 1 });
      await unlessTaken(view, () => tx.save(view));
      return view;
    });
  }

  remove(actor: Actor, id: string, ifVersion?: number): Promise<TaskView> {
    return this.desk.change(actor, async (tx) => {
      const view = await ownView(tx, actor.id, id, ifVersion);
      await tx.delete(TaskView, { id });
      return view;
    });
  }

  /** @param query what is asked for besides, the page above all; it counts where the view says otherwise */
  async read(actor: Actor, id: string, query: Readonly<Record<string, unknown>>): Promise<{ wanted: Wanted; page: ListPage<Shown> }> {
    const view = await this.get(actor, id);
    const wanted = wantedOf({ ...parse(view.query), ...query }, TASKS_LIST);
    return { wanted, page: await this.tasks.list(actor, wanted) };
  }
}

async function ownView(db: EntityManager, ownerId: string, id: string, ifVersion?: number): Promise<TaskView> {
  const view = await db.findOneBy(TaskView, { id, ownerId });
  if (!view) throw new NotFound('task-view');
  if (ifVersion !== undefined && ifVersion !== view.version) throw new StaleVersion(view.version);
  return view;
}

/** A view that could not be read later is refused when it is made. */
function demandReadable(query: string): void {
  const asked = parse(query);
  const wrong = NOT_KEPT.find((name) => asked[name] !== undefined);
  if (wrong !== undefined) refuse('/query', 'page', `A view keeps filters and an order; ${wrong} is asked for when it is read.`);
  demandDueWords(wantedOf(asked, TASKS_LIST));
}

function keyed({ name, query }: ViewTerms): Partial<TaskView> {
  return { ...(name !== undefined && { name, nameKey: comparable(name).slice(0, 200) }), ...(query !== undefined && { query }) };
}

async function unlessTaken({ name }: TaskView, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw isDuplicate(error) ? new ViewNameTaken(name) : error;
  }
}
