import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { type ListPage, Lists } from '../../platform/lists/lists.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { NotFound, StaleVersion } from '../../platform/problems/problems.js';
import { ExperimentsDesk } from '../experiments-desk.js';
import { InUse, NoParameters, ReasonMissing, TooMany } from '../experiments.problems.js';
import { type NamedSettings, settingsById } from '../named-settings.js';
import type { Parameter } from '../parameters/parameter.entity.js';
import { parametersOf } from '../parameters/parameters.service.js';
import { Result } from '../results/result.entity.js';
import type { ChangeSet } from '../versions/change-set.js';
import { RUN, RUN_SETTING } from '../versions/kinds.js';
import { Run, RunSetting } from './run.entity.js';
import { replaceSettings, type SetRun, settingRows, withSettings } from './run-settings.js';
import { RUNS_LIST } from './runs.list.js';

export const MOST_RUNS = 10_000;

export interface NewRun extends Partial<Pick<Run, 'standardOrder' | 'block' | 'pointType' | 'designId' | 'status' | 'note' | 'metadata'>> {
  readonly settings: NamedSettings;
}

export interface RunChange extends Partial<Pick<Run, 'block' | 'status' | 'note' | 'metadata'>> {
  readonly settings?: NamedSettings;
  /** What was really set, where it differs; null takes it back. */
  readonly actual?: NamedSettings | null;
}

/** A run as people see it: its settings by the names that its parameters have now. */
export interface ShownRun extends SetRun {
  readonly parameters: readonly Parameter[];
}

@Injectable()
export class RunsService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly desk: ExperimentsDesk,
    private readonly lists: Lists,
  ) {}

  async list(actor: Actor, experimentId: string, wanted: Wanted): Promise<ListPage<ShownRun>> {
    await this.desk.view(actor, experimentId);
    const page = await this.lists.page(RUNS_LIST, wanted, { sql: 'experiment_id = ?', values: [experimentId] });
    const parameters = await parametersOf(this.db, experimentId);
    return { ...page, data: (await withSettings(this.db, page.data)).map((run) => ({ ...run, parameters })) };
  }

  async get(actor: Actor, experimentId: string, id: string): Promise<ShownRun> {
    await this.desk.view(actor, experimentId);
    return shown(this.db, await runOf(this.db, experimentId, id));
  }

  create<T extends object>(actor: Actor, experimentId: string, runs: readonly NewRun[], answer: (runs: ShownRun[]) => T, repeat?: IdempotentRequest): Promise<T> {
    return this.desk.change(actor, experimentId, { action: 'runs.create', repeat }, async (set) => answer(await addRuns(set, runs)));
  }

  update(actor: Actor, experimentId: string, id: string, { settings, actual, ...change }: RunChange, ifVersion?: number): Promise<ShownRun> {
    return this.desk.change(actor, experimentId, { action: 'runs.update' }, async (set) => {
      const run = await runOf(set.tx, experimentId, id);
      if (ifVersion !== undefined && ifVersion !== run.version) throw new StaleVersion(run.version);
      demandReason({ ...run, ...change });
      await this.set(set, run, settings, actual);
      await set.update(RUN, run, change);
      return shown(set.tx, run);
    });
  }

  remove(actor: Actor, experimentId: string, id: string, ifVersion?: number): Promise<ShownRun> {
    return this.desk.change(actor, experimentId, { action: 'runs.remove' }, async (set) => {
      const run = await runOf(set.tx, experimentId, id);
      if (ifVersion !== undefined && ifVersion !== run.version) throw new StaleVersion(run.version);
      const results = await set.tx.countBy(Result, { experimentId, runId: id });
      if (results > 0) throw new InUse('run', { results });
      const answer = await shown(set.tx, run);
      for (const row of await set.tx.findBy(RunSetting, { experimentId, runId: id })) await set.remove(RUN_SETTING, row);
      await set.remove(RUN, run);
      return answer;
    });
  }

  private async set(set: ChangeSet, run: Run, settings: NamedSettings | undefined, actual: NamedSettings | null | undefined): Promise<void> {
    if (settings === undefined && actual === undefined) return;
    const parameters = await parametersOf(set.tx, run.experimentId);
    const { planned, actual: before } = (await withSettings(set.tx, [run]))[0]!;
    const named = actual === undefined ? before : actual === null ? {} : differing(parameters, planned, actual);
    await replaceSettings(set, run, settings === undefined ? planned : settingsById(parameters, settings), named);
  }
}

/** Adds runs behind those that are there, in the order in which they are given. */
export async function addRuns(set: ChangeSet, given: readonly NewRun[]): Promise<ShownRun[]> {
  const experimentId = set.experiment.id;
  const parameters = await parametersOf(set.tx, experimentId);
  if (parameters.length === 0) throw new NoParameters();
  const [count, last] = await Promise.all([set.tx.countBy(Run, { experimentId }), set.tx.maximum(Run, 'number', { experimentId })]);
  if (count + given.length > MOST_RUNS) throw new TooMany('runs', MOST_RUNS);
  const made = given.map(({ settings, ...terms }, index) => {
    const run = Object.assign(new Run(), terms, { experimentId, number: (last ?? 0) + 1 + index });
    demandReason(run);
    return { run, planned: settingsById(parameters, settings), actual: {}, parameters };
  });
  await set.insert(RUN, ...made.map(({ run }) => run));
  await set.insert(RUN_SETTING, ...made.flatMap(({ run, planned }) => settingRows(run, planned)));
  return made;
}

export async function runOf(db: EntityManager, experimentId: string, id: string): Promise<Run> {
  const run = await db.findOneBy(Run, { experimentId, id });
  if (!run) throw new NotFound('run');
  return run;
}

async function shown(db: EntityManager, run: Run): Promise<ShownRun> {
  return { ...(await withSettings(db, [run]))[0]!, parameters: await parametersOf(db, run.experimentId) };
}

/** What was really set, with what was set as planned left out. */
function differing(parameters: readonly Parameter[], planned: SetRun['planned'], actual: NamedSettings): Record<string, string | number> {
  const names = new Map(parameters.map(({ id, name }) => [id, name]));
  const whole = settingsById(parameters, { ...Object.fromEntries(Object.entries(planned).map(([id, value]) => [names.get(id)!, value])), ...actual });
  return Object.fromEntries(Object.entries(whole).filter(([id, value]) => planned[id] !== value));
}

function demandReason({ status, note }: Pick<Run, 'status' | 'note'>): void {
  if (status !== 'planned' && status !== 'ok' && !note) throw new ReasonMissing(status);
}
