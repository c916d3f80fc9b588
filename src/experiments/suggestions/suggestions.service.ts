import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import type { Computation } from '../computations/computation.entity.js';
import { Computations, type Finish } from '../computations/computations.js';
import { ExperimentsDesk } from '../experiments-desk.js';
import { ChangedMeanwhile, NoParameters } from '../experiments.problems.js';
import { responseFor } from '../models/model-request.js';
import { type ModelSources, modelSources } from '../models/model-sources.js';
import { goalOf } from '../optimum/goals.js';
import type { Parameter } from '../parameters/parameter.entity.js';
import { parametersOf } from '../parameters/parameters.service.js';
import { checkGoals, desirability } from '../prediction/desirability.js';
import { PredictionRefused } from '../prediction/prediction.errors.js';
import type { Response } from '../responses/response.entity.js';
import { addRuns } from '../runs/runs.service.js';
import { measuredRuns } from './measured-runs.js';
import type { Suggested, SuggestInput } from './suggest-runs.js';

const SEEDS = 2 ** 32;

export type SuggestionMethod = 'expected-improvement' | 'desirability';

export interface ResponseLimitTerms {
  /** The response's name or id. */
  readonly response: string;
  readonly low?: number;
  readonly high?: number;
}

export interface SuggestionRequest {
  readonly method: SuggestionMethod;
  readonly responses: readonly string[];
  readonly count: number;
  readonly seed?: number | undefined;
  readonly limits: readonly ResponseLimitTerms[];
  /** Plans the suggested runs. */
  readonly add: boolean;
}

/** As it is kept with the computation. */
export interface Suggestions extends Omit<Suggested, 'runs'> {
  readonly method: SuggestionMethod;
  readonly seed: number;
  readonly measuredRuns: number;
  readonly suggestions: readonly (Omit<Suggested['runs'][number], 'at'> & { settings: Record<string, number>; runId: string | null; run: number | null })[];
}

interface Ground {
  readonly experimentVersion: number;
  readonly parameters: readonly Parameter[];
  readonly input: SuggestInput;
}

@Injectable()
export class SuggestionsService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly desk: ExperimentsDesk,
    private readonly computations: Computations,
  ) {}

  async create(actor: Actor, experimentId: string, request: SuggestionRequest, { atOnce, repeat }: { atOnce: boolean; repeat?: IdempotentRequest | undefined }): Promise<Computation> {
    const { seed = randomInt(SEEDS) } = request;
    const ground = await this.ground(actor, experimentId, request, seed);
    return this.computations.begin(actor, experimentId, {
      kind: 'suggestion', request: { ...request, seed }, experimentVersion: ground.experimentVersion, atOnce, repeat,
      task: 'suggest', input: ground.input,
      settle: (suggested, finish) => this.write(actor, experimentId, request, ground, suggested, finish),
    });
  }

  private ground(actor: Actor, experimentId: string, request: SuggestionRequest, seed: number): Promise<Ground> {
    return this.db.transaction(async (tx) => {
      const { version } = await this.desk.edit(actor, experimentId, tx);
      const sources = await modelSources(tx, experimentId);
      if (sources.parameters.length === 0) throw new NoParameters();
      return { experimentVersion: version, parameters: sources.parameters, input: inputOf(sources, request, seed) };
    });
  }

  private async write(actor: Actor, experimentId: string, request: SuggestionRequest, ground: Ground, suggested: Suggested, finish: Finish): Promise<void> {
    if (!request.add) {
      await this.db.transaction((tx) => finish(tx, shown(request, ground, suggested, [])));
      return;
    }
    await this.desk.change(actor, experimentId, { action: 'suggestions.add' }, async (set) => {
      const now = await parametersOf(set.tx, experimentId);
      if (now.map(({ id }) => id).join() !== ground.parameters.map(({ id }) => id).join()) throw new ChangedMeanwhile('parameters');
      const runs = await addRuns(set, suggested.runs.map(({ at }) => ({ pointType: 'suggested', settings: Object.fromEntries(now.map(({ id }, index) => [id, at[index]!])) })));
      await finish(set.tx, shown(request, ground, suggested, runs.map(({ run }) => run)));
      return {};
    });
  }
}

function inputOf(sources: ModelSources, { method, responses: names, limits, count }: SuggestionRequest, seed: number): SuggestInput {
  const responses = names.map((name) => responseFor(sources.responses, name));
  const limited = limits.map((limit) => ({ ...limit, of: responseFor(sources.responses, limit.response) }));
  if (new Set(responses).size < responses.length) throw new PredictionRefused('response-twice', 'A response is named twice.');
  if (limits.some(({ low = -Infinity, high = Infinity }) => !(low < high) || (low === -Infinity && high === Infinity))) throw new PredictionRefused('limits', 'A limit needs a low, a high, or a low below its high.');
  const { factors, x, values } = measuredRuns(sources, [...responses, ...limited.map(({ of }) => of)]);
  const wanted = method === 'desirability' ? desired(responses, values) : improved(responses, values);
  const bounds = limited.map(({ low, high }, index) => ({ y: values[responses.length + index]!, ...(low !== undefined && { low }), ...(high !== undefined && { high }) }));
  return { factors, x, ...wanted, limits: bounds, count, seed };
}

function improved(responses: readonly Response[], values: readonly number[][]): Pick<SuggestInput, 'y' | 'direction'> {
  const [response, other] = responses as [Response, Response | undefined];
  if (other) throw new PredictionRefused('one-response', 'Expected improvement is of one response; name one, with limits for others, or use the method desirability.');
  if (response.goal === 'maximise' || response.goal === 'minimise') return { y: values[0]!, direction: response.goal === 'maximise' ? 'maximize' : 'minimize' };
  throw new PredictionRefused('goal', `Expected improvement needs a response to be maximised or minimised; ${response.name} is not. Give it such a goal, or use the method desirability.`);
}

/** Several goals become one, which is then improved like any response: as ParEGO does (Knowles 2006, IEEE Trans. Evol. Comput. 10, 50), by desirability. */
function desired(responses: readonly Response[], values: readonly number[][]): Pick<SuggestInput, 'y' | 'direction'> {
  const goals = responses.map((response, index) => goalOf(response, values[index]!));
  checkGoals(goals);
  const y = values[0]!.map((_, run) => desirability(goals, responses.map((_each, index) => values[index]![run]!)).overall);
  if (y.every((value) => value === y[0])) throw new PredictionRefused('constant', `All runs have the desirability ${y[0]}, so nothing can be learnt from it; widen the bounds of the responses.`);
  return { y, direction: 'maximize' };
}

function shown({ method }: SuggestionRequest, { parameters, input }: Ground, { runs, ...learnt }: Suggested, made: readonly { id: string; number: number }[]): Suggestions {
  const suggestions = runs.map(({ at, ...run }, index) => ({
    settings: Object.fromEntries(parameters.map(({ name }, factor) => [name, at[factor]!])), ...run, runId: made[index]?.id ?? null, run: made[index]?.number ?? null,
  }));
  return { method, seed: input.seed, measuredRuns: input.y.length, suggestions, ...learnt };
}
