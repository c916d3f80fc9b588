import { backTransformed, type Transform } from '../analysis/transform.js';
import type { Settings } from '../factors.js';
import { demandFinite } from '../models/finite.js';
import { type Interval, predict, type Prediction, type Predictor } from '../prediction/predictor.js';

export interface PredictInput {
  readonly predictor: Predictor;
  readonly transform: Transform;
  readonly level: number;
  /** Natural settings in the order of the model's factors. */
  readonly points: readonly Settings[];
}

/** On the scale of the response; what cannot be said is null. */
export interface PredictionFigures {
  /** Where the model has a transform, the median of what would be measured: the mean of the transformed response, turned back. */
  mean: number | null;
  meanIs: 'mean' | 'median';
  /** Of the mean, on the scale of the fit. */
  standardError: number | null;
  level: number;
  /** Of the mean, or of the median. */
  confidence: Interval | null;
  /** Of one new measurement. */
  prediction: Interval | null;
  leverage: number | null;
  extrapolated: boolean;
  /** What feedback is judged by: everything on the scale of the fit. */
  fitScale: { transform: Transform; mean: number | null; standardErrorNew: number | null; df: number };
}

export function predictPoints({ predictor, transform, level, points }: PredictInput): PredictionFigures[] {
  const predictions = predict(predictor, points, level);
  demandFinite(predictions);
  return predictions.map((prediction) => figuresOf(prediction, predictor, transform, level));
}

function figuresOf({ mean, seMean, confidence, prediction, leverage, extrapolated }: Prediction, { variance, df }: Predictor, transform: Transform, level: number): PredictionFigures {
  return {
    mean: mean === null ? null : finite(backTransformed(mean, transform)),
    meanIs: transform === 'none' ? 'mean' : 'median',
    standardError: seMean,
    level,
    confidence: confidence && turnedBack(confidence, transform),
    prediction: prediction && turnedBack(prediction, transform),
    leverage,
    extrapolated,
    fitScale: { transform, mean, standardErrorNew: variance === null || leverage === null ? null : Math.sqrt(variance * (1 + leverage)), df },
  };
}

/** Null where an interval of the fit reaches to where the response has no value. */
function turnedBack({ lower, upper }: Interval, transform: Transform): Interval | null {
  // A root is never negative: below 0 the interval ends at 0.
  const [from, to] = [transform === 'sqrt' ? Math.max(0, lower) : lower, upper];
  if (transform === 'inverse' && from <= 0 && to >= 0) return null;
  const ends = [from, to].map((end) => finite(backTransformed(end, transform))).filter((end) => end !== null);
  return ends.length < 2 ? null : { lower: Math.min(...ends), upper: Math.max(...ends) };
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
