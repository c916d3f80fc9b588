import { setImmediate as breathe } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { isDuplicate } from '../../platform/database/failures.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { type ListPage, Lists } from '../../platform/lists/lists.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { NotFound } from '../../platform/problems/problems.js';
import { ExperimentsDesk } from '../experiments-desk.js';
import { AlreadyCorrected, ResultRefused, TooMany } from '../experiments.problems.js';
import { type NamedSettings, settingsById } from '../named-settings.js';
import type { Parameter } from '../parameters/parameter.entity.js';
import { parametersOf } from '../parameters/parameters.service.js';
import type { Response } from '../responses/response.entity.js';
import { responsesOf } from '../responses/responses.service.js';
import { Run } from '../runs/run.entity.js';
import type { ChangeSet } from '../versions/change-set.js';
import { RESULT, RUN } from '../versions/kinds.js';
import { Result } from './result.entity.js';
import { RESULTS_LIST } from './results.list.js';

export const MOST_RESULTS = 100_000;
/** Then others get a turn. */
const ROWS_A_TURN = 500;

export interface NewResult extends Partial<Pick<Result, 'repeat' | 'metadata'>> {
  /** The run's id or its number; without one it is a free observation. */
  readonly run?: string | number | undefined;
  readonly settings?: NamedSettings | undefined;
  /** The response's id or name. */
  readonly response: string;
  readonly value: number;
}

/** A result as people see it. */
export interface ShownResult {
  readonly result: Result;
  readonly response: Response;
  readonly parameters: readonly Parameter[];
}

@Injectable()
export class ResultsService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly desk: ExperimentsDesk,
    private readonly lists: Lists,
  ) {}

  async list(actor: Actor, experimentId: string, wanted: Wanted): Promise<ListPage<ShownResult>> {
    await this.desk.view(actor, experimentId);
    const page = await this.lists.page(RESULTS_LIST, wanted, { sql: 'experiment_id = ?', values: [experimentId] });
    return { ...page, data: await shown(this.db, experimentId, page.data) };
  }

  async get(actor: Actor, experimentId: string, id: string): Promise<ShownResult> {
    await this.desk.view(actor, experimentId);
    return (await shown(this.db, experimentId, [await resultOf(this.db, experimentId, id)]))[0]!;
  }

  create<T extends object>(actor: Actor, experimentId: string, results: readonly NewResult[], answer: (results: ShownResult[]) => T, repeat?: IdempotentRequest): Promise<T> {
    return this.desk.change(actor, experimentId, { action: 'results.create', repeat }, async (set) => answer(await shown(set.tx, experimentId, await addResults(set, results))));
  }

  /** A new value in place of a wrong one, which stays. Of two at once one is refused. */
  async correct(actor: Actor, experimentId: string, id: string, value: number, reason: string): Promise<ShownResult> {
    try {
      return await this.desk.change(actor, experimentId, { action: 'results.correct' }, async (set) => {
        const wrong = await resultOf(set.tx, experimentId, id);
        if (await set.tx.existsBy(Result, { correctsId: id })) throw new AlreadyCorrected();
        const { runId, responseId, repeat, settings } = wrong;
        const result = Object.assign(new Result(), { runId, responseId, repeat, settings, value, reason, correctsId: id, createdBy: actor.id });
        await set.insert(RESULT, result);
        return (await shown(set.tx, experimentId, [result]))[0]!;
      });
    } catch (error) {
      if (isDuplicate(error)) throw new AlreadyCorrected();
      throw error;
    }
  }
}

/** Adds measured values. A planned run that has one is made. */
export async function addResults(set: ChangeSet, given: readonly NewResult[]): Promise<Result[]> {
  const { tx, experiment: { id: experimentId }, authorId } = set;
  if ((await tx.countBy(Result, { experimentId })) + given.length > MOST_RESULTS) throw new TooMany('results', MOST_RESULTS);
  const [parameters, responses, runs] = await Promise.all([parametersOf(tx, experimentId), responsesOf(tx, experimentId), tx.findBy(Run, { experimentId })]);
  const byName = new Map(runs.flatMap((run) => [[run.id, run], [String(run.number), run]]));
  const taken = new Set((await currentResults(tx, experimentId)).map(placeOf));
  const resultOf = ({ run: named, settings, response: name, value, repeat = 1, metadata = {} }: NewResult): Result => {
    const response = responses.find((each) => each.id === name || each.name === name);
    if (!response) throw new ResultRefused('response', `${name.slice(0, 64)} is no response of this experiment; there are ${responses.map((each) => each.name).join(', ') || 'none'}.`);
    const run = named === undefined ? undefined : byName.get(String(named));
    if (named !== undefined && !run) throw new ResultRefused('run', `There is no run ${String(named)} in this experiment.`);
    if (!run && !settings) throw new ResultRefused('settings', 'Name the run, or give the settings of a free observation.');
    if (run && settings) throw new ResultRefused('settings', 'A run has its settings; write what was really set to the run itself, as actual.');
    const result = Object.assign(new Result(), { runId: run?.id ?? null, responseId: response.id, value, repeat, metadata, settings: settings ? settingsById(parameters, settings) : null, createdBy: authorId });
    if (run && taken.has(placeOf(result))) throw new ResultRefused('repeat', `Run ${run.number} has a value of ${response.name} already; correct that one, or give this one another repeat number.`);
    taken.add(placeOf(result));
    return result;
  };
  const results: Result[] = [];
  for (const each of given) {
    results.push(resultOf(each));
    if (results.length % ROWS_A_TURN === 0) await breathe();
  }
  const made = new Set(results.map(({ runId }) => runId));
  for (const run of runs) if (run.status === 'planned' && made.has(run.id)) await set.update(RUN, run, { status: 'ok' });
  await set.insert(RESULT, ...results);
  return results;
}

/** Those that no correction has replaced. */
export async function currentResults(db: EntityManager, experimentId: string): Promise<Result[]> {
  return newestOf(await db.find(Result, { where: { experimentId }, order: { id: 'ASC' } }));
}

export function newestOf(results: readonly Result[]): Result[] {
  const replaced = new Set(results.map(({ correctsId }) => correctsId));
  return results.filter(({ id }) => !replaced.has(id));
}

/** Free observations may share everything; values of a run may not. */
function placeOf({ id, runId, responseId, repeat }: Result): string {
  return runId === null ? id : `${runId}/${responseId}/${repeat}`;
}

async function resultOf(db: EntityManager, experimentId: string, id: string): Promise<Result> {
  const result = await db.findOneBy(Result, { experimentId, id });
  if (!result) throw new NotFound('result');
  return result;
}

async function shown(db: EntityManager, experimentId: string, results: readonly Result[]): Promise<ShownResult[]> {
  const [parameters, responses] = await Promise.all([parametersOf(db, experimentId), responsesOf(db, experimentId)]);
  const byId = new Map(responses.map((response) => [response.id, response]));
  return results.map((result) => ({ result, parameters, response: byId.get(result.responseId)! }));
}
