import { randomInt } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, In, Not } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { type ListPage, Lists } from '../../platform/lists/lists.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { NotFound, StaleVersion } from '../../platform/problems/problems.js';
import type { Computation } from '../computations/computation.entity.js';
import { Computations, type Finish } from '../computations/computations.js';
import type { DesignKind, PlanOptions } from '../design/plan.js';
import type { PlannedDesign } from '../design/planned-design.js';
import type { Factor, Setting } from '../factors.js';
import { ExperimentsDesk } from '../experiments-desk.js';
import { ChangedMeanwhile, InUse, NoParameters } from '../experiments.problems.js';
import type { Parameter } from '../parameters/parameter.entity.js';
import { parametersOf } from '../parameters/parameters.service.js';
import { Result } from '../results/result.entity.js';
import { Run, RunSetting } from '../runs/run.entity.js';
import { addRuns, type NewRun } from '../runs/runs.service.js';
import type { ChangeSet } from '../versions/change-set.js';
import { DESIGN, RUN, RUN_SETTING } from '../versions/kinds.js';
import { codedRuns, factorsOf } from './coded-runs.js';
import { Design } from './design.entity.js';
import { DESIGNS_LIST } from './designs.list.js';

const SEEDS = 2 ** 32;
const REMOVED_AT_ONCE = 100;

export interface DesignRequest {
  readonly kind: DesignKind;
  readonly options: PlanOptions;
  /** Drawn where none is given; either way the design tells it. */
  readonly seed?: number | undefined;
  /** After so long the search ends with the best that it has. */
  readonly seconds?: number | undefined;
}

/** What a design is planned with, and checked against when it is written. */
interface Ground {
  readonly experimentVersion: number;
  readonly parameters: readonly Parameter[];
  readonly factors: readonly Factor[];
  readonly kept: readonly Setting[][];
}

@Injectable()
export class DesignsService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly desk: ExperimentsDesk,
    private readonly computations: Computations,
    private readonly lists: Lists,
  ) {}

  async list(actor: Actor, experimentId: string, wanted: Wanted): Promise<ListPage<Design>> {
    await this.desk.view(actor, experimentId);
    return this.lists.page(DESIGNS_LIST, wanted, { sql: 'experiment_id = ?', values: [experimentId] });
  }

  async get(actor: Actor, experimentId: string, id: string): Promise<Design> {
    await this.desk.view(actor, experimentId);
    return designOf(this.db, experimentId, id);
  }

  /** Plans a design and adds its runs behind those that are there. Nothing of the experiment is locked while it is planned. */
  async create(actor: Actor, experimentId: string, request: DesignRequest, { atOnce, repeat }: { atOnce: boolean; repeat?: IdempotentRequest | undefined }): Promise<Computation> {
    const { kind, options, seed = randomInt(SEEDS), seconds } = request;
    const ground = await this.ground(actor, experimentId, options);
    return this.computations.begin(actor, experimentId, {
      kind: 'design', request: { kind, options, seed }, experimentVersion: ground.experimentVersion, atOnce, repeat,
      task: 'planDesign', input: { factors: ground.factors, kind, options, seed, kept: ground.kept, seconds },
      settle: (planned, finish) => this.write(actor, experimentId, { kind, options, seed }, ground, planned, finish),
    });
  }

  /** Takes a design away with its runs, unless something was measured in one of them. */
  remove(actor: Actor, experimentId: string, id: string, ifVersion?: number): Promise<Design> {
    return this.desk.change(actor, experimentId, { action: 'designs.remove' }, async (set) => {
      const design = await designOf(set.tx, experimentId, id);
      if (ifVersion !== undefined && ifVersion !== design.version) throw new StaleVersion(design.version);
      const results = await set.tx.createQueryBuilder(Result, 'result').innerJoin(Run, 'run', 'run.id = result.runId').where('run.experimentId = :experimentId AND run.designId = :id', { experimentId, id }).getCount();
      if (results > 0) throw new InUse('design', { results });
      await removeRuns(set, id);
      await set.remove(DESIGN, design);
      return design;
    });
  }

  private ground(actor: Actor, experimentId: string, { keepRuns }: PlanOptions): Promise<Ground> {
    return this.db.transaction(async (tx) => {
      const { version } = await this.desk.edit(actor, experimentId, tx);
      const parameters = await parametersOf(tx, experimentId);
      if (parameters.length === 0) throw new NoParameters();
      const kept = keepRuns ? await codedRuns(tx, experimentId, parameters, { status: Not(In(['failed', 'abandoned'])) }) : [];
      return { experimentVersion: version, parameters, factors: factorsOf(parameters), kept: kept.map(({ coded }) => coded) };
    });
  }

  private async write(actor: Actor, experimentId: string, request: DesignRequest & { seed: number }, ground: Ground, { runs, ...structure }: PlannedDesign, finish: Finish): Promise<void> {
    await this.desk.change(actor, experimentId, { action: 'designs.create' }, async (set) => {
      const parameters = await parametersOf(set.tx, experimentId);
      if (!areSame(parameters, ground.parameters)) throw new ChangedMeanwhile('parameters');
      const { kind, options, seed } = request;
      const design = Object.assign(new Design(), { kind, options, seed, factors: ground.factors, runs: runs.length, structure, createdBy: actor.id });
      await set.insert(DESIGN, design);
      await addRuns(set, runs.map((run) => newRun(run, design.id, parameters)));
      await finish(set.tx, { designId: design.id, runs: runs.length, ...(structure.stopped && { stopped: structure.stopped }) });
      return design;
    });
  }
}

async function designOf(db: EntityManager, experimentId: string, id: string): Promise<Design> {
  const design = await db.findOneBy(Design, { experimentId, id });
  if (!design) throw new NotFound('design');
  return design;
}

/** Some at a time: the embedded engine answers at once, so nobody else would get a turn. */
async function removeRuns(set: ChangeSet, designId: string): Promise<void> {
  const experimentId = set.experiment.id;
  const runs = await set.tx.findBy(Run, { experimentId, designId });
  for (let start = 0; start < runs.length; start += REMOVED_AT_ONCE) {
    const some = runs.slice(start, start + REMOVED_AT_ONCE);
    await set.removeAll(RUN_SETTING, 'runId', await set.tx.findBy(RunSetting, { experimentId, runId: In(some.map(({ id }) => id)) }));
    await set.removeAll(RUN, 'id', some);
    await breathe();
  }
}

/** As far as designs can tell. */
function areSame(now: readonly Parameter[], then: readonly Parameter[]): boolean {
  const shown = (parameters: readonly Parameter[]): string => JSON.stringify([parameters.map(({ id }) => id), factorsOf(parameters)]);
  return shown(now) === shown(then);
}

function newRun({ settings, block, point, standardOrder }: PlannedDesign['runs'][number], designId: string, parameters: readonly Parameter[]): NewRun {
  return { designId, block, pointType: point, standardOrder, settings: Object.fromEntries(parameters.map(({ id }, index) => [id, settings[index]!])) };
}
