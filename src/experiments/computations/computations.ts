import { setTimeout as after } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, type FindOptionsWhere, In, LessThan } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Changes } from '../../platform/changes/changes.js';
import { Clock } from '../../platform/clock/clock.js';
import { isDuplicate } from '../../platform/database/failures.js';
import { insertRow } from '../../platform/database/insert-row.js';
import { Idempotency } from '../../platform/idempotency/idempotency.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { type ListPage, Lists } from '../../platform/lists/lists.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { Problem } from '../../platform/problems/problem.js';
import { NotFound } from '../../platform/problems/problems.js';
import { Compute } from '../computing/compute.js';
import type { TaskInput, TaskName, TaskOutput } from '../computing/tasks.js';
import { ExperimentsDesk } from '../experiments-desk.js';
import { Events } from '../../webhooks/events.js';
import { Computation, type ComputationKind, UNFINISHED } from './computation.entity.js';
import { COMPUTATIONS_LIST } from './computations.list.js';
import { ComputationFinished, ComputationLost, NoLongerWanted, TooManyComputations } from './computations.problems.js';
import { cancelled, done, end, type Ending, failed } from './endings.js';
import { Pulse } from './pulse.js';

/** Ends the computation with its result, in the transaction that writes what came out: both happen, or neither. */
export type Finish = (tx: EntityManager, result: object) => Promise<void>;

export interface Undertaking<Name extends TaskName> {
  readonly kind: ComputationKind;
  /** What was asked for, as it is shown. */
  readonly request: object;
  /** The version of the experiment that the input was read at. */
  readonly experimentVersion: number;
  readonly task: Name;
  readonly input: TaskInput<Name>;
  /** In place of the setting. */
  readonly seconds?: number | undefined;
  /** Answers the computation as soon as it is begun. */
  readonly atOnce?: boolean | undefined;
  readonly repeat?: IdempotentRequest | undefined;
  /** Writes what came out and calls `finish` in the same transaction, which takes everything back if it is no longer wanted. */
  settle(output: TaskOutput<Name>, finish: Finish): Promise<void>;
}

const MOST_UNFINISHED = 5;
const WAITED_FOR_MS = 5000;
const MS_UNTIL_LOST = 60_000;

/** Computations that outlive their request. The row is the truth: an unfinished one is ended by one update, whoever comes first. */
@Injectable()
export class Computations {
  private readonly logger = new Logger(Computations.name);

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly desk: ExperimentsDesk,
    private readonly idempotency: Idempotency,
    private readonly compute: Compute,
    private readonly pulse: Pulse,
    private readonly changes: Changes,
    private readonly clock: Clock,
    private readonly lists: Lists,
    private readonly events: Events,
  ) {}

  /**
   * Answers after some seconds at most: the computation is done by then, or goes on. A failure within that time is thrown.
   * A repeat gets the computation of the first request as it is now.
   */
  async begin<Name extends TaskName>(actor: Actor, experimentId: string, undertaking: Undertaking<Name>): Promise<Computation> {
    await this.endTheLost({ createdBy: actor.id });
    const { id, own } = await this.enrolled(actor, experimentId, undertaking);
    if (own) {
      const ending = this.carryOut(id, undertaking);
      // Once it goes on without us, its failure is told by its row.
      ending.catch(() => undefined);
      if (!undertaking.atOnce) await Promise.race([ending, after(WAITED_FOR_MS, undefined, { ref: false })]);
    }
    return rowOf(this.db, experimentId, id);
  }

  async list(actor: Actor, experimentId: string, wanted: Wanted): Promise<ListPage<Computation>> {
    await this.desk.view(actor, experimentId);
    await this.endTheLost({ experimentId });
    return this.lists.page(COMPUTATIONS_LIST, wanted, { sql: 'experiment_id = ?', values: [experimentId] });
  }

  async get(actor: Actor, experimentId: string, id: string): Promise<Computation> {
    await this.desk.view(actor, experimentId);
    await this.endTheLost({ experimentId, id });
    return rowOf(this.db, experimentId, id);
  }

  /** From now on nothing will come of it, wherever it is carried out. */
  async cancel(actor: Actor, experimentId: string, id: string): Promise<Computation> {
    await this.desk.edit(actor, experimentId);
    await this.endTheLost({ experimentId, id });
    await rowOf(this.db, experimentId, id);
    const isCancelled = await this.db.transaction(async (tx) => {
      const isNews = await this.end(tx, id, cancelled(this.clock.now()));
      if (isNews) await this.changes.announce(tx, 'computation-ended', id);
      return isNews;
    });
    const row = await rowOf(this.db, experimentId, id);
    if (!isCancelled && row.state !== 'cancelled') throw new ComputationFinished(row.state);
    return row;
  }

  private async enrolled(actor: Actor, experimentId: string, undertaking: Undertaking<TaskName>): Promise<{ id: string; own: boolean }> {
    for (let attempt = 1; ; attempt += 1) {
      let own = false;
      try {
        const { id } = await this.idempotency.inTransaction(undertaking.repeat, async (tx) => {
          own = true;
          return this.enrol(tx, actor, experimentId, undertaking);
        });
        return { id, own };
      } catch (error) {
        // Somebody took the place between our look and our insert.
        if (!isDuplicate(error, 'experiment_computations') || attempt > MOST_UNFINISHED) throw error;
      }
    }
  }

  private async enrol(tx: EntityManager, actor: Actor, experimentId: string, { kind, request, experimentVersion }: Undertaking<TaskName>): Promise<{ id: string }> {
    await this.desk.edit(actor, experimentId, tx);
    const now = this.clock.now();
    const place = await freePlace(tx, actor.id);
    const computation = Object.assign(new Computation(), { experimentId, kind, request, experimentVersion, place, createdBy: actor.id, heartbeatAt: now, createdAt: now, updatedAt: now });
    await insertRow(tx, Computation, computation);
    return { id: computation.id };
  }

  private async carryOut<Name extends TaskName>(id: string, undertaking: Undertaking<Name>): Promise<void> {
    const { task, input, seconds } = undertaking;
    try {
      await this.pulse.during(id, async (signal, onProgress) => {
        const output = await this.compute.run(task, input, { signal, onProgress, ...(seconds !== undefined && { seconds }) });
        await undertaking.settle(output, (tx, result) => this.finish(tx, id, result));
      });
    } catch (error) {
      const isNews = await this.db.transaction((tx) => this.end(tx, id, failed(error, this.clock.now())));
      if (!isNews) return;
      if (!(error instanceof Problem)) this.logger.error(`Computation ${id} failed: ${String(error)}`, error instanceof Error ? error.stack : undefined);
      throw error;
    }
  }

  private async finish(tx: EntityManager, id: string, result: object): Promise<void> {
    if (!(await this.end(tx, id, done(result, this.clock.now())))) throw new NoLongerWanted();
  }

  /** Answers whether it was unfinished until now. */
  private async end(tx: EntityManager, id: string, ending: Ending, which: FindOptionsWhere<Computation> = {}): Promise<boolean> {
    const isNews = await end(tx, { ...which, id }, ending);
    const row = isNews ? await tx.findOne(Computation, { where: { id }, select: { id: true, experimentId: true, kind: true, createdBy: true } }) : null;
    if (row) await this.events.emit(tx, { type: 'computation.finished', userId: row.createdBy, data: { id, experimentId: row.experimentId, userId: row.createdBy, kind: row.kind, state: ending.state } });
    return isNews;
  }

  /** Those whose process has been silent for too long. */
  private async endTheLost(which: FindOptionsWhere<Computation>): Promise<void> {
    const lost = { ...which, heartbeatAt: LessThan(new Date(this.clock.millis() - MS_UNTIL_LOST)) };
    const rows = await this.db.find(Computation, { where: { ...lost, state: In(UNFINISHED) }, select: { id: true } });
    for (const { id } of rows) await this.db.transaction((tx) => this.end(tx, id, failed(new ComputationLost(), this.clock.now()), lost));
  }
}

async function rowOf(db: EntityManager, experimentId: string, id: string): Promise<Computation> {
  const row = await db.findOneBy(Computation, { experimentId, id });
  if (!row) throw new NotFound('computation');
  return row;
}

async function freePlace(tx: EntityManager, userId: string): Promise<number> {
  const unfinished = await tx.find(Computation, { select: { id: true, place: true }, where: { createdBy: userId, state: In(UNFINISHED) } });
  const taken = new Set(unfinished.map(({ place }) => place));
  const place = Array.from({ length: MOST_UNFINISHED }, (_, index) => index + 1).find((one) => !taken.has(one));
  if (place === undefined) throw new TooManyComputations(MOST_UNFINISHED);
  return place;
}
