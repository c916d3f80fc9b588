import { ExactModel } from '../analysis/exact-model.js';
import { toNumber } from '../analysis/double-double.js';
import type { Setting, Settings } from '../factors.js';
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

/** The mean alone, in doubles: a search asks for it thousands of times. */
export function meanOf(predictor: Predictor): (run: Settings) => number {
  const model = new ExactModel(predictor.spec);
  const coefficients = predictor.coefficients.map(toNumber);
  return (run) => {
    const row = model.row(run);
    return predictor.kept.reduce((sum, column, j) => sum + coefficients[j]! * row[column]!.hi, 0);
  };
}
