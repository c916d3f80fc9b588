import { coded, type Factor } from '../factors.js';
import { candidates } from '../models/candidates.js';
import type { ModelSpec } from '../models/figures.js';
import type { ModelSources } from '../models/model-sources.js';
import { factorOf } from '../parameters/parameter.entity.js';
import { PredictionRefused } from '../prediction/prediction.errors.js';
import type { Response } from '../responses/response.entity.js';

/** Runs in which every one of some responses was measured. */
export interface MeasuredRuns {
  readonly factors: readonly Factor[];
  /** In coded units, one row a run. */
  readonly x: number[][];
  /** One list a response. */
  readonly values: number[][];
}

const FEWEST = 3;
/** The time that a Gaussian process takes rises with the third power of this. */
const MOST = 500;

/** As models see them by default: settings as they were, repeats averaged, nothing failed, abandoned or suspect. */
const SPEC = { settings: 'actual', repeats: 'mean', literature: false, suspect: false } as ModelSpec;

export function measuredRuns(sources: ModelSources, responses: readonly Response[]): MeasuredRuns {
  const factors = sources.parameters.map((parameter) => factorOf(parameter));
  demandNumeric(factors);
  const found = responses.map(({ id }) => candidates(sources, id, SPEC).found);
  const byRun = found.map((rows) => new Map(rows.map((row) => [row.runId ?? row.ids[0]!, row])));
  const whole = [...byRun[0]!].filter(([key, { settings }]) => byRun.every((rows) => rows.has(key)) && sources.parameters.every(({ id }) => Object.hasOwn(settings, id)));
  const names = responses.map(({ name }) => name).join(' and ');
  if (whole.length < FEWEST) throw new PredictionRefused('too-few-runs', `There are ${whole.length} runs with results of ${names}; ${FEWEST} or more are needed to learn from, better ten for each parameter.`);
  if (whole.length > MOST) throw new PredictionRefused('too-many-runs', `There are ${whole.length} runs with results of ${names}; ${MOST} are the most that suggestions can be learnt from. Fit a model and ask for its optimum.`);
  return {
    factors,
    x: whole.map(([, { settings }]) => sources.parameters.map(({ id }, index) => Number(coded(factors[index]!, settings[id]!)))),
    values: byRun.map((rows) => whole.map(([key]) => mean(rows.get(key)!.values))),
  };
}

function demandNumeric(factors: readonly Factor[]): void {
  const other = factors.filter(({ kind }) => kind === 'categorical' || kind === 'mixture').map(({ name, kind }) => `${name} is ${kind}`);
  if (other.length > 0) throw new PredictionRefused('not-numeric', `Suggestions are learnt over continuous and discrete parameters: ${other.join(', ')}. Fit a model and ask for its optimum, or make an experiment for each level.`);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
