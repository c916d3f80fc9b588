import { inverse, Matrix, QrDecomposition } from 'ml-matrix';
import { independentColumns } from '../analysis/independent-columns.js';
import type { ModelColumn } from '../model-matrix.js';
import { DesignRefused } from './design.errors.js';

/** What a design knows about the coefficients of a model: X'X, by way of the QR decomposition of X. */
export interface Information {
  x: readonly (readonly number[])[];
  /** Natural logarithm of det(X'X). */
  logDeterminant: number;
  /** (X'X)⁻¹: variances and covariances of the coefficients for a unit error variance. */
  inverse: readonly (readonly number[])[];
}

/** Throws `DesignRefused` where the runs cannot tell the columns apart, naming the first that depends on others. */
export function informationOf(x: readonly (readonly number[])[], columns: readonly ModelColumn[]): Information {
  checkRank(x, columns);
  const { upperTriangularMatrix: r } = new QrDecomposition(new Matrix(x));
  const size = columns.length;
  const root = inverse(r.subMatrix(0, size - 1, 0, size - 1));
  const logDeterminant = 2 * r.diagonal().slice(0, size).reduce((sum, value) => sum + Math.log(Math.abs(value)), 0);
  return { x, logDeterminant, inverse: root.mmul(root.transpose()).to2DArray() };
}

/** f' (X'X)⁻¹ f: the variance of the fitted mean at a point for a unit error variance. */
export function predictionVariance(inverse: readonly (readonly number[])[], row: readonly number[]): number {
  return row.reduce((sum, value, i) => (value === 0 ? sum : sum + value * inner(inverse[i]!, row)), 0);
}

export function inner(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += a[index]! * b[index]!;
  return sum;
}

/** Columns of a matrix given by rows. */
export function columnsOf(x: readonly (readonly number[])[]): Float64Array[] {
  return (x[0] ?? []).map((_, column) => Float64Array.from(x, (row) => row[column]!));
}

function checkRank(x: readonly (readonly number[])[], columns: readonly ModelColumn[]): void {
  if (columns.length === 0) throw new DesignRefused('model-empty', 'Name at least one term.');
  if (x.length < columns.length) {
    throw new DesignRefused('more-terms-than-runs', `${x.length} runs cannot tell ${columns.length} coefficients apart; add runs or drop terms.`, { runs: x.length, coefficients: columns.length });
  }
  const [first] = independentColumns(columnsOf(x)).aliased;
  if (!first) return;
  const others = first.combination.map(({ column }) => columns[column]!.name).join(', ');
  const why = others === '' ? 'is zero in every run' : `cannot be told from ${others}`;
  throw new DesignRefused('singular', `With these runs ${columns[first.column]!.name} ${why}; drop the term or add runs.`, { term: columns[first.column]!.name });
}
