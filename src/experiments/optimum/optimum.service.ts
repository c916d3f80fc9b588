import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { backTransformed } from '../analysis/transform.js';
import { Compute } from '../computing/compute.js';
import type { LinearConstraint } from '../design/constraints.js';
import { ExperimentsDesk } from '../experiments-desk.js';
import type { Factor } from '../factors.js';
import { coded } from '../factors.js';
import type { ModelContents, RidgeStep } from '../models/figures.js';
import type { Model } from '../models/model.entity.js';
import { unpacked } from '../models/packed.js';
import { modelOf } from '../models/models.service.js';
import { factorOf } from '../parameters/parameter.entity.js';
import { parametersOf } from '../parameters/parameters.service.js';
import type { Goal } from '../prediction/desirability.js';
import { PredictionRefused } from '../prediction/prediction.errors.js';
import { usedParameters } from '../predictions/points.js';
import type { Response } from '../responses/response.entity.js';
import { responsesOf } from '../responses/responses.service.js';
import { goalOf } from './goals.js';
import type { FoundOptimum, SearchedModel, Wish } from './search-optimum.js';

/** Chance only says where the search begins: the same question has the same answer. */
const SEED = 1;

export interface Optimum extends FoundOptimum {
  readonly factors: readonly Factor[];
  readonly models: readonly Model[];
  readonly responses: readonly Response[];
  /** Factors at an end of their range: beyond it may lie more. */
  readonly atBound: string[];
}

export interface SingleOptimum extends Optimum {
  readonly wish: Wish;
  readonly contents: ModelContents;
  /** From the centre towards what is wanted, on the scale of the response. */
  readonly ridge: RidgeStep[] | null;
}

export interface SharedOptimum extends Optimum {
  readonly goals: Goal[];
}

interface Loaded {
  readonly models: Model[];
  readonly contents: ModelContents[];
  readonly responses: Response[];
  readonly factors: Factor[];
  readonly searched: SearchedModel[];
}

@Injectable()
export class OptimumService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly desk: ExperimentsDesk,
    private readonly compute: Compute,
  ) {}

  /** Where the model says that its response is best. */
  async single(actor: Actor, experimentId: string, modelId: string, wanted: { goal?: Wish['goal']; target?: number }): Promise<SingleOptimum> {
    const { models, contents, responses, factors, searched } = await this.load(actor, experimentId, [modelId]);
    const wish = wishOf(responses[0]!, wanted);
    const found = await this.compute.run('optimum', { factors, models: searched, wish, goals: [], constraints: [], seed: SEED });
    return { ...found, factors, models, responses, wish, contents: contents[0]!, atBound: atBound(factors, found), ridge: ridgeFor(contents[0]!, models[0]!, wish) };
  }

  /** Where several responses together are most desirable. */
  async shared(actor: Actor, experimentId: string, modelIds: readonly string[], constraints: readonly LinearConstraint[], seed = SEED): Promise<SharedOptimum> {
    const { models, contents, responses, factors, searched } = await this.load(actor, experimentId, [...new Set(modelIds)]);
    const goals = responses.map((response, index) => goalOf(response, contents[index]!.data.rows.map(({ value }) => value)));
    if (new Set(responses).size < responses.length) throw new PredictionRefused('response-twice', 'Two of these models are of the same response; name one model a response.');
    const found = await this.compute.run('optimum', { factors, models: searched, wish: null, goals, constraints, seed });
    return { ...found, factors, models, responses, goals, atBound: atBound(factors, found) };
  }

  private async load(actor: Actor, experimentId: string, ids: readonly string[]): Promise<Loaded> {
    await this.desk.view(actor, experimentId);
    const models: Model[] = [];
    for (const id of ids) models.push(await modelOf(this.db, experimentId, id));
    const contents = models.map((model) => unpacked(model));
    const [parameters, all] = [await parametersOf(this.db, experimentId), await responsesOf(this.db, experimentId)];
    const used = new Set(contents.flatMap((one) => [...usedParameters(one)]));
    const shared = parameters.filter(({ id }) => used.has(id));
    const places = new Map(shared.map(({ id }, index) => [id, index]));
    return {
      models, contents,
      responses: models.map(({ responseId }) => all.find(({ id }) => id === responseId)!),
      factors: shared.map((parameter) => knownTo(contents, parameter.id, factorOf(parameter))),
      searched: contents.map(({ data, figures }, index) => ({
        predictor: figures.predictor,
        transform: models[index]!.spec.transform,
        level: models[index]!.spec.level,
        // Blocks stay at the first; what no model uses stays out.
        places: data.parameterIds.map((id, at) => (id === null ? String(data.factors[at]!.levels![0]) : places.get(id) ?? '')),
      })),
    };
  }
}

/** Levels that a parameter got since say nothing to a model from before. */
function knownTo(contents: readonly ModelContents[], id: string, factor: Factor): Factor {
  if (factor.kind !== 'categorical') return factor;
  const known = contents.flatMap(({ data }) => data.factors.filter((_, index) => data.parameterIds[index] === id));
  return { ...factor, levels: (factor.levels ?? []).filter((level) => known.every(({ levels = [] }) => levels.includes(level))) };
}

function wishOf({ name, goal, target }: Response, wanted: { goal?: Wish['goal']; target?: number }): Wish {
  const chosen = wanted.goal ?? goal;
  if (chosen === 'maximise' || chosen === 'minimise') return { goal: chosen };
  const aim = wanted.target ?? target;
  if (chosen === 'target' && aim !== null) return { goal: 'target', target: aim };
  throw new PredictionRefused('goal', `${name} has no goal that has an optimum; ask for goal=maximise, goal=minimise, or goal=target with a target.`);
}

function atBound(factors: readonly Factor[], { at }: FoundOptimum): string[] {
  return factors.filter((factor, index) => factor.kind === 'continuous' && Math.abs(Number(coded(factor, at[index]!))) > 1 - 1e-6).map(({ name }) => name);
}

function ridgeFor({ figures: { surface } }: ModelContents, { spec: { transform } }: Model, wish: Wish): RidgeStep[] | null {
  if (wish.goal === 'target' || !surface?.ridge) return null;
  // The largest value of 1/y is the smallest of y.
  const towards = transform === 'inverse' ? (wish.goal === 'maximise' ? 'minimise' : 'maximise') : wish.goal;
  return surface.ridge[towards].flatMap((step) => {
    const predicted = backTransformed(step.predicted, transform);
    return predicted !== null && Number.isFinite(predicted) ? [{ ...step, predicted }] : [];
  });
}
