import { normalDensity, normalUpperTail, studentCritical, studentUpperTail } from '../analysis/distributions.js';
import { PredictionRefused } from './prediction.errors.js';
import type { Interval } from './predictor.js';

/** A prediction that came to be measured. */
export interface Outcome {
  predicted: number;
  /** Of a new observation, above 0. */
  standardError: number;
  /** Residual degrees of freedom of the model that predicted. */
  df: number;
  actual: number;
}

/** How good the predictions of a model have been so far. Errors are actual minus predicted. */
export interface Calibration {
  n: number;
  bias: number;
  mae: number;
  rmse: number;
  /** 1 − squared errors / squares of the actual values about their mean; null for fewer than two different values. */
  r2Prediction: number | null;
  /** Share of actual values within their interval, which ought to be `level`. */
  coverage: number;
  level: number;
  intervals: Interval[];
  /** Width of the intervals plus a fine for each miss; less is better. Gneiting and Raftery (2007), J. Am. Stat. Assoc. 102, 359, eq. 43. */
  meanIntervalScore: number;
  /** Continuous ranked probability score of the normal; less is better. Same paper, eq. 21. */
  meanCrpsNormal: number;
  /** Actual on predicted: 1 and 0 are right. Null where all predictions are the same. */
  calibrationSlope: number | null;
  calibrationIntercept: number | null;
  zScores: number[];
  sumOfSquaredZ: number;
  /** Even between 0 and 1 if the model is right. Dawid (1984), J. R. Stat. Soc. A 147, 278. */
  probabilityIntegralTransform: number[];
}

export function calibration(outcomes: readonly Outcome[], level = 0.95): Calibration {
  check(outcomes);
  const n = outcomes.length;
  const errors = outcomes.map(({ actual, predicted }) => actual - predicted);
  const zScores = outcomes.map(({ standardError }, i) => errors[i]! / standardError);
  const intervals = outcomes.map((outcome) => intervalOf(outcome, level));
  return {
    n,
    bias: mean(errors),
    mae: mean(errors.map(Math.abs)),
    rmse: Math.sqrt(mean(errors.map((error) => error * error))),
    r2Prediction: r2(outcomes, errors),
    coverage: mean(outcomes.map(({ actual }, i) => (actual >= intervals[i]!.lower && actual <= intervals[i]!.upper ? 1 : 0))),
    level,
    intervals,
    meanIntervalScore: mean(outcomes.map(({ actual }, i) => intervalScore(actual, intervals[i]!, 1 - level))),
    meanCrpsNormal: mean(outcomes.map(({ standardError }, i) => standardError * standardCrps(zScores[i]!))),
    ...line(outcomes),
    zScores,
    sumOfSquaredZ: zScores.reduce((sum, z) => sum + z * z, 0),
    probabilityIntegralTransform: outcomes.map(({ df }, i) => studentUpperTail(-zScores[i]!, df)),
  };
}

function intervalOf({ predicted, standardError, df }: Outcome, level: number): Interval {
  const margin = studentCritical(1 - level, df) * standardError;
  return { lower: predicted - margin, upper: predicted + margin };
}

function intervalScore(actual: number, { lower, upper }: Interval, alpha: number): number {
  return upper - lower + 2 / alpha * (Math.max(0, lower - actual) + Math.max(0, actual - upper));
}

/** At z, of the standard normal. */
function standardCrps(z: number): number {
  return z * (1 - 2 * normalUpperTail(z)) + 2 * normalDensity(z) - 1 / Math.sqrt(Math.PI);
}

function r2(outcomes: readonly Outcome[], errors: readonly number[]): number | null {
  const total = squaresAboutMean(outcomes.map(({ actual }) => actual));
  return total > 0 ? 1 - errors.reduce((sum, error) => sum + error * error, 0) / total : null;
}

function line(outcomes: readonly Outcome[]): Pick<Calibration, 'calibrationSlope' | 'calibrationIntercept'> {
  const predicted = outcomes.map((outcome) => outcome.predicted);
  const actual = outcomes.map((outcome) => outcome.actual);
  const squares = squaresAboutMean(predicted);
  if (squares === 0) return { calibrationSlope: null, calibrationIntercept: null };
  const products = predicted.reduce((sum, value, i) => sum + (value - mean(predicted)) * (actual[i]! - mean(actual)), 0);
  const calibrationSlope = products / squares;
  return { calibrationSlope, calibrationIntercept: mean(actual) - calibrationSlope * mean(predicted) };
}

function squaresAboutMean(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function check(outcomes: readonly Outcome[]): void {
  if (outcomes.length === 0) throw new PredictionRefused('no-outcomes', 'No prediction has been measured yet.');
  outcomes.forEach((outcome, index) => {
    if (Object.values(outcome).every(Number.isFinite) && outcome.standardError > 0 && outcome.df > 0) return;
    throw new PredictionRefused('outcome', `Outcome ${index + 1} needs finite numbers, a standard error above 0 and degrees of freedom above 0.`);
  });
}
