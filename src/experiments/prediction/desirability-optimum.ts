import { ExactModel } from '../analysis/exact-model.js';
import { toNumber } from '../analysis/double-double.js';
import { codedLevels, type Factor, natural, type Setting, type Settings } from '../factors.js';
import { checkGoals, type Desirability, desirability, type Goal } from './desirability.js';
import { PredictionRefused } from './prediction.errors.js';
import type { Predictor } from './predictor.js';
import { type Bounds, maximize } from './search.js';

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

/**
 * The settings with the largest overall desirability, searched from many starts for every combination of levels of the categorical
 * and discrete factors. Mixture components are not searched: their shares are bound to each other.
 */
export function mostDesirable({ predictors, goals, seed, region = {} }: DesirabilityRequest, onProgress?: (share: number) => void): DesirabilityOptimum {
  checkGoals(goals);
  if (predictors.length !== goals.length) throw new PredictionRefused('count', `There are ${goals.length} goals and ${predictors.length} models; each goal needs one.`);
  const { factors } = predictors[0]!.spec;
  const continuous = factors.filter(({ kind }) => kind === 'continuous');
  const bounds = continuous.map((factor) => boundsOf(factor, region[factor.name]));
  const combinations = levelCombinations(factors);
  const means = predictors.map(meanOf);
  const found = combinations.map((levels, index) => {
    const settings = (at: readonly number[]): Setting[] => placed(factors, continuous, levels, at);
    const value = (at: readonly number[]): number => {
      const run = settings(at);
      return desirability(goals, means.map((mean) => mean(run))).overall;
    };
    const report = onProgress && ((share: number): void => onProgress((index + share) / combinations.length));
    const best = bounds.length === 0 ? { at: [], value: value([]) } : maximize(value, bounds, { samples: 200 * bounds.length, starts: 8, seed, ...(report ? { onProgress: report } : {}) }, corners(bounds));
    return { at: settings(best.at), value: best.value };
  });
  const best = found.reduce((a, b) => (b.value > a.value ? b : a));
  const predicted = means.map((mean) => mean(best.at));
  return { at: best.at, predicted, ...desirability(goals, predicted) };
}

/** The mean alone, in doubles: a search asks for it thousands of times. */
function meanOf(predictor: Predictor): (run: Settings) => number {
  const model = new ExactModel(predictor.spec);
  const coefficients = predictor.coefficients.map(toNumber);
  return (run) => {
    const row = model.row(run);
    return predictor.kept.reduce((sum, column, j) => sum + coefficients[j]! * row[column]!.hi, 0);
  };
}

function boundsOf(factor: Factor, narrowed?: readonly [number, number]): readonly [number, number] {
  const [low, high] = narrowed ?? [Number(natural(factor, -1)), Number(natural(factor, 1))];
  if (Number.isFinite(low) && Number.isFinite(high) && low < high) return [low, high];
  throw new PredictionRefused('region', `The region of ${factor.name} must be two rising numbers.`);
}

/** Settings of the factors that are not continuous; refuses mixtures. */
function levelCombinations(factors: readonly Factor[]): ReadonlyMap<string, Setting>[] {
  if (factors.some(({ kind }) => kind === 'mixture')) throw new PredictionRefused('mixture', 'The shares of a mixture cannot be searched one by one; evaluate the desirability at candidate blends.');
  return factors.reduce<Map<string, Setting>[]>((found, factor) => {
    const levels = codedLevels(factor)?.map((level) => natural(factor, level));
    return levels ? levels.flatMap((level) => found.map((rest) => new Map<string, Setting>([...rest, [factor.name, level]]))) : found;
  }, [new Map<string, Setting>()]);
}

function placed(factors: readonly Factor[], continuous: readonly Factor[], levels: ReadonlyMap<string, Setting>, at: readonly number[]): Setting[] {
  return factors.map((factor) => levels.get(factor.name) ?? at[continuous.indexOf(factor)]!);
}

/** Optima often lie there, and random points never do. */
function corners(bounds: Bounds): number[][] {
  if (bounds.length > 8) return [];
  return bounds.reduce<number[][]>((found, [low, high]) => found.flatMap((rest) => [[...rest, low], [...rest, high]]), [[]]);
}

