import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, type FindOptionsWhere, In, Not } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { NotFound } from '../../platform/problems/problems.js';
import { Compute } from '../computing/compute.js';
import type { LinearConstraint } from '../design/constraints.js';
import type { LimitsAnswer, PropertiesAnswer, RepairAnswer, SeparationAnswer } from '../design/questions.js';
import type { Factor, Setting } from '../factors.js';
import { ExperimentsDesk } from '../experiments-desk.js';
import { ChangedMeanwhile, NoParameters } from '../experiments.problems.js';
import { settingsByName } from '../named-settings.js';
import type { Parameter } from '../parameters/parameter.entity.js';
import { parametersOf } from '../parameters/parameters.service.js';
import type { Response } from '../responses/response.entity.js';
import { responsesOf } from '../responses/responses.service.js';
import type { Run } from '../runs/run.entity.js';
import { addRuns, type ShownRun } from '../runs/runs.service.js';
import type { ModelName } from '../terms.js';
import { type CodedRun, codedRuns, factorsOf } from './coded-runs.js';
import { Design } from './design.entity.js';
import { NoLostRuns, NoRuns } from './designs.problems.js';
import { type EffectAsked, powerAt } from './effect.js';

export interface Asked extends EffectAsked {
  readonly model?: ModelName | undefined;
  readonly threshold?: number | undefined;
}

export interface SeparationAsked {
  /** Two terms. */
  readonly pair: readonly string[];
  readonly model?: ModelName | undefined;
  readonly constraints?: readonly LinearConstraint[] | undefined;
  readonly spare?: number | undefined;
  readonly add?: boolean | undefined;
}

export type RepairAsked = Pick<SeparationAsked, 'model' | 'constraints' | 'add'>;

export interface Separated extends Omit<SeparationAnswer, 'added'> {
  /** By the parameters' names. */
  readonly added: Record<string, Setting>[];
  /** Those that were added to the experiment, where that was asked for. */
  readonly runs: ShownRun[];
}

export interface Repaired extends Omit<RepairAnswer, 'replacement'> {
  readonly lost: number[];
  /** `repeats` is a run's number. */
  readonly replacement: Omit<RepairAnswer['replacement'], 'settings'> & { settings: Record<string, Setting> };
  readonly run: ShownRun | null;
}

/** What questions are answered from: read at one moment. */
interface Ground {
  readonly version: number;
  readonly parameters: readonly Parameter[];
  readonly factors: readonly Factor[];
  readonly responses: readonly Response[];
  readonly runs: readonly CodedRun[];
}

const MADE_OR_TO_BE_MADE = { status: Not(In(['failed', 'abandoned'])) };

/** What designs promise, what they cannot tell, and what would mend that. Nothing is written unless it is asked for. */
@Injectable()
export class DesignQuestions {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly desk: ExperimentsDesk,
    private readonly compute: Compute,
  ) {}

  async properties(actor: Actor, experimentId: string, designId: string, { model, ...effect }: Asked): Promise<PropertiesAnswer> {
    await this.desk.view(actor, experimentId);
    const design = await this.db.findOneBy(Design, { experimentId, id: designId });
    if (!design) throw new NotFound('design');
    const { factors, responses, runs } = await this.ground(actor, experimentId, { designId });
    const power = powerAt(effect, responses);
    const { constraints } = design.options;
    return this.compute.run('designProperties', { factors, model, runs: settingsOf(runs), ...(constraints && { constraints }), ...(power && { power }) });
  }

  async limits(actor: Actor, experimentId: string, { model, threshold, ...effect }: Asked): Promise<LimitsAnswer> {
    const { factors, responses, runs } = await this.ground(actor, experimentId, MADE_OR_TO_BE_MADE);
    const power = powerAt(effect, responses);
    return this.compute.run('designLimits', { factors, model, runs: settingsOf(runs), ...(power && { power }), ...(threshold !== undefined && { threshold }) });
  }

  async separate(actor: Actor, experimentId: string, { pair, model, constraints, spare, add }: SeparationAsked): Promise<Separated> {
    if (add) await this.desk.edit(actor, experimentId);
    const ground = await this.ground(actor, experimentId, MADE_OR_TO_BE_MADE);
    const { factors, runs } = ground;
    const answer = await this.compute.run('separatePair', { factors, model, runs: settingsOf(runs), pair, ...(constraints && { constraints }), ...(spare !== undefined && { spare }) });
    const made = add && answer.added.length > 0 ? await this.add(actor, experimentId, ground, answer.added, 'separating') : [];
    return { ...answer, added: answer.added.map((settings) => named(ground, settings)), runs: made };
  }

  async repair(actor: Actor, experimentId: string, { model, constraints, add }: RepairAsked): Promise<Repaired> {
    if (add) await this.desk.edit(actor, experimentId);
    const ground = await this.ground(actor, experimentId);
    const { factors, runs } = ground;
    const lost = [...runs.keys()].filter((index) => isLost(runs[index]!.run));
    if (lost.length === 0) throw new NoLostRuns();
    const { replacement, ...report } = await this.compute.run('repairDesign', { factors, model, runs: settingsOf(runs), lost, ...(constraints && { constraints }) });
    const [run = null] = add ? await this.add(actor, experimentId, ground, [replacement.settings], 'replacement') : [];
    const repeats = replacement.repeats === null ? null : runs[replacement.repeats]!.run.number;
    return { ...report, lost: lost.map((index) => runs[index]!.run.number), replacement: { ...replacement, repeats, settings: named(ground, replacement.settings) }, run };
  }

  private ground(actor: Actor, experimentId: string, which: FindOptionsWhere<Run> = {}): Promise<Ground> {
    return this.db.transaction(async (tx) => {
      const { experiment: { version } } = await this.desk.hold(actor, experimentId, tx);
      const [parameters, responses] = [await parametersOf(tx, experimentId), await responsesOf(tx, experimentId)];
      if (parameters.length === 0) throw new NoParameters();
      const runs = await codedRuns(tx, experimentId, parameters, which);
      if (runs.length === 0) throw new NoRuns();
      return { version, parameters, factors: factorsOf(parameters), responses, runs };
    });
  }

  /** As planned runs, if nothing has changed since. */
  private add(actor: Actor, experimentId: string, { version, parameters }: Ground, runs: readonly Setting[][], pointType: string): Promise<ShownRun[]> {
    return this.desk.change(actor, experimentId, { action: 'runs.create' }, (set) => {
      if (set.experiment.version !== version) throw new ChangedMeanwhile('runs');
      return addRuns(set, runs.map((settings) => ({ pointType, settings: Object.fromEntries(parameters.map(({ id }, index) => [id, settings[index]!])) })));
    });
  }
}

const settingsOf = (runs: readonly CodedRun[]): Setting[][] => runs.map(({ coded }) => coded);
const isLost = ({ status }: Run): boolean => status === 'failed' || status === 'abandoned';

function named({ parameters }: Ground, settings: readonly Setting[]): Record<string, Setting> {
  return settingsByName(parameters, Object.fromEntries(parameters.map(({ id }, index) => [id, settings[index]!])));
}
