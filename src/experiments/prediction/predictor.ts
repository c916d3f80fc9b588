import { studentCritical } from '../analysis/distributions.js';
import { add, type DoubleDouble, fromNumber, multiply, subtract, toNumber, ZERO } from '../analysis/double-double.js';
import { ExactModel, type ModelSpec } from '../analysis/exact-model.js';
import type { Fit } from '../analysis/fit.js';
import type { AliasedColumn } from '../analysis/independent-columns.js';
import type { Settings } from '../factors.js';

/** What is left of a fit once only predictions are wanted. Plain data: it can be stored, and sent to a worker thread. */
export interface Predictor {
  spec: ModelSpec;
  /** The columns of the model that were estimated, and what the others equal. */
  kept: readonly number[];
  aliased: readonly AliasedColumn[];
  coefficients: readonly DoubleDouble[];
  /** Rows of R^-1, from the diagonal on: (X'X)^-1 is R^-1 times its transpose. */
  root: readonly (readonly DoubleDouble[])[];
  /** Residual mean square, null where there was nothing to judge by. */
  variance: number | null;
  df: number;
  /** The largest leverage of a run: points beyond it are extrapolated. */
  largestLeverage: number;
}

export interface Prediction {
  /** Null where the runs say nothing about this point because it needs a term that was aliased. */
  mean: number | null;
  seMean: number | null;
  /** Of the mean at this point. */
  confidence: Interval | null;
  /** Of one new observation of weight 1 at this point. */
  prediction: Interval | null;
  /** x'(X'X)^-1 x: variance of the mean in units of the residual variance. */
  leverage: number | null;
  /** Whether the leverage is above that of every run. */
  extrapolated: boolean;
}

export interface Interval {
  lower: number;
  upper: number;
}

const UNKNOWN: Prediction = { mean: null, seMean: null, confidence: null, prediction: null, leverage: null, extrapolated: true };

export function predictorOf(fit: Fit): Predictor {
  const { kept, aliased, coefficients, qr } = fit.solution;
  const { factors, terms, units, contrasts } = fit.request;
  const spec = { factors, terms, ...(units ? { units } : {}), ...(contrasts ? { contrasts } : {}) };
  const largestLeverage = qr.leverages().reduce((largest, leverage) => Math.max(largest, toNumber(leverage)), 0);
  return { spec, kept, aliased, coefficients, root: qr.inverseRows(), variance: fit.variance, df: fit.df, largestLeverage };
}

/** Predicts at points in natural settings. Draper and Smith (1998), sections 3.1 and 5.4. */
export function predict(predictor: Predictor, points: readonly Settings[], level = 0.95): Prediction[] {
  const model = new ExactModel(predictor.spec);
  return points.map((point) => predictAt(predictor, model.row(point), level));
}

function predictAt(predictor: Predictor, row: readonly DoubleDouble[], level: number): Prediction {
  if (!estimable(predictor, row)) return UNKNOWN;
  const chosen = predictor.kept.map((column) => row[column]!);
  const mean = toNumber(chosen.reduce((sum, value, j) => add(sum, multiply(value, predictor.coefficients[j]!)), ZERO));
  const leverage = leverageOf(predictor, chosen);
  const known = { mean, leverage, extrapolated: leverage > predictor.largestLeverage * (1 + 1e-9) };
  if (predictor.variance === null) return { ...known, seMean: null, confidence: null, prediction: null };
  const critical = studentCritical(1 - level, predictor.df);
  const seMean = Math.sqrt(predictor.variance * leverage);
  const seNew = Math.sqrt(predictor.variance * (1 + leverage));
  return { ...known, seMean, confidence: around(mean, critical * seMean), prediction: around(mean, critical * seNew) };
}

/** Whether the aliased columns of this row stand to the others as they did in the runs. */
function estimable({ aliased }: Predictor, row: readonly DoubleDouble[]): boolean {
  return aliased.every(({ column, combination }) => {
    const expected = combination.reduce((sum, { column: other, factor }) => add(sum, multiply(row[other]!, fromNumber(factor))), ZERO);
    const size = Math.max(1, Math.abs(row[column]!.hi));
    return Math.abs(toNumber(subtract(row[column]!, expected))) < 1e-9 * size;
  });
}

function leverageOf({ root }: Predictor, row: readonly DoubleDouble[]): number {
  const products = row.map((_, j) => {
    let sum = ZERO;
    for (let i = 0; i <= j; i++) sum = add(sum, multiply(row[i]!, root[i]![j - i]!));
    return sum;
  });
  return toNumber(products.reduce((sum, value) => add(sum, multiply(value, value)), ZERO));
}

function around(middle: number, margin: number): Interval {
  return { lower: middle - margin, upper: middle + margin };
}
