import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import gammaln from '@stdlib/math-base-special-gammaln';
import { studentCritical } from '../analysis/distributions.js';
import type { Interval } from './predictor.js';
import { PredictionRefused } from './prediction.errors.js';

/**
 * What is believed of a linear model before the runs, for example from literature: coefficients are normal about `mean` with
 * covariance variance × `scale`, and the variance is inverse gamma (a, b).
 */
export interface Prior {
  mean: readonly number[];
  /** Symmetric and positive definite, one row a coefficient. */
  scale: readonly (readonly number[])[];
  a: number;
  b: number;
}

export interface Posterior extends Prior {
  mean: number[];
  scale: number[][];
  /** Scales of the t distributions, with 2a degrees of freedom, of the coefficients. */
  sd: number[];
  df: number;
  /** Log of the probability of the results under the prior: for comparing models. */
  logEvidence: number;
}

export interface PosteriorPrediction {
  mean: number;
  /** Of the t distribution of a new observation. */
  scale: number;
  prediction: Interval;
}

/** The conjugate normal-inverse-gamma update. O'Hagan and Forster (2004), "Bayesian inference", chapter 11. */
export function posterior(rows: readonly (readonly number[])[], y: readonly number[], prior: Prior): Posterior {
  check(rows, y, prior);
  const x = new Matrix(rows.map((row) => [...row]));
  const results = Matrix.columnVector([...y]);
  const centre = Matrix.columnVector([...prior.mean]);
  const priorScale = definite(new Matrix(prior.scale.map((row) => [...row])));
  const precision = priorScale.solve(Matrix.eye(prior.mean.length));
  const after = definite(precision.clone().add(x.transpose().mmul(x)));
  // About the prior mean: squares of large numbers would cancel.
  const surprise = Matrix.sub(results, x.mmul(centre));
  const shift = after.solve(x.transpose().mmul(surprise));
  const scale = after.solve(Matrix.eye(prior.mean.length));
  const left = Matrix.sub(surprise, x.mmul(shift));
  const squares = squared(left) + shift.transpose().mmul(precision).mmul(shift).get(0, 0);
  const a = prior.a + y.length / 2;
  const b = prior.b + squares / 2;
  const logEvidence = gammaln(a) - gammaln(prior.a) + prior.a * Math.log(prior.b) - a * Math.log(b)
    - y.length / 2 * Math.log(2 * Math.PI) - (logDeterminant(after) + logDeterminant(priorScale)) / 2;
  const mean = Matrix.add(centre, shift).to1DArray();
  return { mean, scale: scale.to2DArray(), a, b, sd: scale.diagonal().map((value) => Math.sqrt(value * b / a)), df: 2 * a, logEvidence };
}

/** Of a new observation whose row of the model matrix is given. */
export function posteriorPrediction({ mean, scale, a, b }: Posterior, row: readonly number[], level = 0.95): PosteriorPrediction {
  const spread = row.reduce((sum, value, i) => sum + value * row.reduce((inner, other, j) => inner + scale[i]![j]! * other, 0), 1);
  const middle = row.reduce((sum, value, i) => sum + value * mean[i]!, 0);
  const width = Math.sqrt(b / a * spread);
  const margin = studentCritical(1 - level, 2 * a) * width;
  return { mean: middle, scale: width, prediction: { lower: middle - margin, upper: middle + margin } };
}

function definite(matrix: Matrix): CholeskyDecomposition {
  const decomposed = new CholeskyDecomposition(matrix);
  if (decomposed.isPositiveDefinite()) return decomposed;
  throw new PredictionRefused('prior', 'The scale matrix of the prior must be symmetric and positive definite.');
}

function logDeterminant({ lowerTriangularMatrix }: CholeskyDecomposition): number {
  return 2 * lowerTriangularMatrix.diagonal().reduce((sum, value) => sum + Math.log(value), 0);
}

function squared(column: Matrix): number {
  return column.to1DArray().reduce((sum, value) => sum + value * value, 0);
}

function check(rows: readonly (readonly number[])[], y: readonly number[], { mean, scale, a, b }: Prior): void {
  const p = mean.length;
  if (rows.length === 0 || rows.length !== y.length) throw new PredictionRefused('count', 'Give one result for each run, and at least one run.');
  if ([...rows, ...scale].some((row) => row.length !== p) || scale.length !== p) throw new PredictionRefused('prior', 'The prior needs a mean and a row of its scale matrix for each coefficient.');
  if (![...rows.flat(), ...y, ...mean, ...scale.flat(), a, b].every(Number.isFinite)) throw new PredictionRefused('not-finite', 'Settings, results and prior must be finite numbers.');
  if (a <= 0 || b <= 0) throw new PredictionRefused('prior', 'The two parameters of the prior of the variance must be positive.');
}
