import { toNumber } from '../analysis/double-double.js';
import { coded, type Setting, type Settings } from '../factors.js';
import { modelOf } from '../model-matrix.js';
import { checkGoals, type Desirability, desirability, type Goal } from './desirability.js';
import { PredictionRefused } from './prediction.errors.js';
import type { Predictor } from './predictor.js';
import { bestSettings } from './settings-search.js';

/** Plain data in and out: the search may run in a worker thread. */
export interface DesirabilityRequest {
  /** One a goal, all over the same factors. */
  predictors: readonly Predictor[];
  goals: readonly Goal[];
  seed: number;
  /** Narrows numeric factors, in natural units. */
  region?: Readonly<Record<string, readonly [number, number]>>;
}

export interface DesirabilityOptimum extends Desirability {
  /** Natural settings in the order of the factors. */
  at: Setting[];
  predicted: number[];
}

/** The settings with the largest overall desirability. */
export function mostDesirable({ predictors, goals, seed, region = {} }: DesirabilityRequest, onProgress?: (share: number) => void): DesirabilityOptimum {
  checkGoals(goals);
  if (predictors.length !== goals.length) throw new PredictionRefused('count', `There are ${goals.length} goals and ${predictors.length} models; each goal needs one.`);
  const means = predictors.map(meanOf);
  const { factors } = predictors[0]!.spec;
  const at = bestSettings({ factors, seed, region }, (run) => desirability(goals, means.map((mean) => mean(run))).overall, onProgress);
  const predicted = means.map((mean) => mean(at));
  return { at, predicted, ...desirability(goals, predicted) };
}

/** The mean alone, in doubles throughout: a search asks for it tens of thousands of times. */
export function meanOf({ spec: { factors, terms, units, contrasts }, kept, coefficients }: Predictor): (run: Settings) => number {
  const model = modelOf(factors, terms, contrasts);
  const used = new Set(terms.flatMap(({ parts }) => parts.map(({ factor }) => factor)));
  const known = factors.map(({ name }) => used.has(name) && units !== 'natural');
  const weights = coefficients.map(toNumber);
  return (run) => {
    const row = model.row(run.map((value, index) => (known[index] ? coded(factors[index]!, value) : value)));
    return kept.reduce((sum, column, j) => sum + weights[j]! * row[column]!, 0);
  };
}
