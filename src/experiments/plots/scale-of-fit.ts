import { backTransformed } from '../analysis/transform.js';
import type { Settings } from '../factors.js';
import { type Interval, predict, type Prediction } from '../prediction/predictor.js';
import type { PlotSource } from './plot-source.js';

/** Predictions in the unit of the response, also where the fit was made to a transform of it: the mean is then a median. */
export function predicted({ predictor, transform }: PlotSource, points: readonly Settings[], level?: number): Prediction[] {
  return predict(predictor, points, level).map((prediction) => {
    if (transform === 'none' || prediction.mean === null) return prediction;
    return { ...prediction, mean: backTransformed(prediction.mean, transform), confidence: backInterval(prediction.confidence, transform) };
  });
}

/** What effects and residuals are measured in. */
export function scaleOfFit({ response, transform }: PlotSource): { name: string; unit: string | null } {
  if (transform === 'none') return response;
  return { name: transform === 'inverse' ? `1 / ${response.name}` : `${transform} of ${response.name}`, unit: null };
}

/** 1/y turns an interval round. */
function backInterval(interval: Interval | null, transform: PlotSource['transform']): Interval | null {
  if (!interval || (transform === 'inverse' && interval.lower < 0 !== interval.upper < 0)) return null;
  const ends = [interval.lower, interval.upper].map((end) => backTransformed(transform === 'sqrt' ? Math.max(0, end) : end, transform));
  const [first, second] = ends;
  if (first === null || second === null || first === undefined || second === undefined) return null;
  return { lower: Math.min(first, second), upper: Math.max(first, second) };
}
