import { backTransformed, type Transform } from '../analysis/transform.js';
import { dot, type LinearConstraint, SLACK } from '../design/constraints.js';
import { Region } from '../design/region.js';
import { codedRun, type Factor, type Setting, type Settings } from '../factors.js';
import { meanOf } from '../prediction/desirability-optimum.js';
import { checkGoals, type Desirability, desirability, type Goal } from '../prediction/desirability.js';
import { PredictionRefused } from '../prediction/prediction.errors.js';
import type { Predictor } from '../prediction/predictor.js';
import { bestSettings } from '../prediction/settings-search.js';
import { type PredictionFigures, predictPoints } from '../predictions/predict-points.js';

/** A model that takes part in a search, over factors that it shares with others. */
export interface SearchedModel {
  readonly predictor: Predictor;
  readonly transform: Transform;
  readonly level: number;
  /** For each factor of the model its place among the shared ones, or the level at which it stays. */
  readonly places: readonly (number | string)[];
}

/** What is wanted of one response alone; nothing is too little or too much then. */
export type Wish = { readonly goal: 'maximise' | 'minimise' } | { readonly goal: 'target'; readonly target: number };

export interface OptimumInput {
  readonly factors: readonly Factor[];
  readonly models: readonly SearchedModel[];
  /** Of the only model, or goals, one a model. */
  readonly wish: Wish | null;
  readonly goals: readonly Goal[];
  readonly constraints: readonly LinearConstraint[];
  readonly seed: number;
}

export interface FoundOptimum {
  /** Natural settings in the order of the shared factors. */
  at: Setting[];
  /** One a model. */
  predictions: PredictionFigures[];
  desirability: Desirability | null;
}

/** Below every value that a response can have, and a slope towards where constraints are met. */
const OUTSIDE = 1e200;

export function searchOptimum({ factors, models, wish, goals, constraints, seed }: OptimumInput, onProgress?: (share: number) => void): FoundOptimum {
  if (wish === null) checkGoals(goals);
  demandTold(models);
  const values = models.map(valueOf);
  const desired = (run: Settings): Desirability => desirabilityOf(goals, values.map((value) => value(run)));
  const worth = (run: Settings): number => (wish === null ? desired(run).overall : worthOf(wish, values[0]!(run)));
  const missed = missedBy(factors, constraints);
  const at = bestSettings({ factors, seed }, (run) => {
    const missing = missed(run);
    return missing > 0 ? -OUTSIDE * (1 + missing) : worth(run);
  }, onProgress);
  if (missed(at) > 0) throw new PredictionRefused('no-feasible-point', 'No settings were found that meet all constraints; widen one of them.');
  const predictions = models.flatMap((model) => predictPoints({ ...model, points: [placed(model, at)] }));
  return { at, predictions, desirability: wish === null ? desired(at) : null };
}

/** On the scale of the response; where it has no value, no goal is met. */
function valueOf(model: SearchedModel): (run: Settings) => number {
  const mean = meanOf(model.predictor);
  return (run) => {
    const value = backTransformed(mean(placed(model, run)), model.transform);
    return value !== null && Number.isFinite(value) ? value : NaN;
  };
}

function desirabilityOf(goals: readonly Goal[], values: readonly number[]): Desirability {
  return values.some(Number.isNaN) ? { individual: values.map(() => 0), overall: 0 } : desirability(goals, values);
}

function worthOf(wish: Wish, value: number): number {
  if (Number.isNaN(value)) return -OUTSIDE;
  if (wish.goal === 'target') return -Math.abs(value - wish.target);
  return wish.goal === 'maximise' ? value : -value;
}

function placed({ places }: SearchedModel, run: Settings): Setting[] {
  return places.map((place) => (typeof place === 'number' ? run[place]! : place));
}

/** How far settings are beyond the constraints, in coded units. Refuses constraints that nothing meets. */
function missedBy(factors: readonly Factor[], constraints: readonly LinearConstraint[]): (run: Settings) => number {
  if (constraints.length === 0) return () => 0;
  const { spaces } = new Region(factors, constraints);
  return (run) => {
    const coded = codedRun(factors, run);
    return spaces.reduce((sum, { normal, bound }) => sum + Math.max(0, dot(normal, coded) - bound - SLACK), 0);
  };
}

/** Where runs cannot tell terms apart, the surface between them is unknown, and so is its highest point. */
function demandTold(models: readonly SearchedModel[]): void {
  const aliased = models.some(({ predictor }) => predictor.aliased.length > 0);
  if (aliased) throw new PredictionRefused('aliased', 'The model has terms that the runs cannot tell from others, so its optimum is unknown; fit one without them, or add runs that separate them.');
}
