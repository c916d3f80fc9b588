/** A column of the model matrix that says nothing new: it equals a combination of columns before it. */
export interface AliasedColumn {
  column: number;
  /** Empty where the column is 0 in every run. */
  combination: { column: number; factor: number }[];
}

export interface Independence {
  /** Indices of the columns that can be estimated together, in the order of the model. */
  kept: number[];
  aliased: AliasedColumn[];
}

/**
 * A column counts as new if more than this share of its length is left once the columns before it are taken out. Far below
 * what NIST's Filip (degree 10 of raw x) leaves, far above what rounding leaves of a sum of others.
 */
const TOLERANCE = 1e-12;

/**
 * Householder elimination in the order of the terms, so that a term gives way to those before it and never to those after:
 * the limited pivoting of LINPACK's dqrdc2, which R's lm uses.
 */
export function independentColumns(columns: readonly Float64Array[]): Independence {
  const eliminated: Float64Array[] = [];
  const reflectors: Float64Array[] = [];
  const found: Independence = { kept: [], aliased: [] };
  columns.forEach((column, index) => {
    const length = norm(column);
    const rest = column.map((value) => (length > 0 ? value / length : 0));
    reflectors.forEach((reflector, k) => reflect(rest, reflector, k));
    const k = reflectors.length;
    if (norm(rest.subarray(k)) > TOLERANCE) {
      reflectors.push(reflectorOf(rest, k));
      eliminated.push(rest.map((value) => value * length));
      found.kept.push(index);
    } else {
      found.aliased.push({ column: index, combination: combinationOf(rest.map((value) => value * length), eliminated, found.kept) });
    }
  });
  return found;
}

/** Solves the triangle for the factors and leaves out what is rounding. */
function combinationOf(rest: Float64Array, eliminated: readonly Float64Array[], kept: readonly number[]): AliasedColumn['combination'] {
  const factors = new Array<number>(kept.length).fill(0);
  for (let i = kept.length - 1; i >= 0; i--) {
    let value = rest[i] ?? 0;
    for (let j = i + 1; j < kept.length; j++) value -= eliminated[j]![i]! * factors[j]!;
    factors[i] = value / eliminated[i]![i]!;
  }
  const largest = Math.max(...factors.map(Math.abs), 0);
  return kept.map((column, i) => ({ column, factor: tidy(factors[i]!) })).filter(({ factor }) => Math.abs(factor) > 1e-9 * largest);
}

/** 0.9999999999999998 is 1 with rounding in it. */
function tidy(value: number): number {
  const rounded = Math.round(value * 5040) / 5040;
  return Math.abs(value - rounded) < 1e-10 ? rounded : value;
}

/** Turns the column into its eliminated form and answers the unit vector that does so. */
function reflectorOf(column: Float64Array, k: number): Float64Array {
  const length = norm(column.subarray(k));
  const pivot = column[k]! > 0 ? -length : length;
  const reflector = column.slice();
  reflector[k]! -= pivot;
  const size = norm(reflector.subarray(k));
  for (let i = k; i < column.length; i++) reflector[i]! /= size;
  reflect(column, reflector, k);
  return reflector;
}

function reflect(column: Float64Array, reflector: Float64Array, k: number): void {
  let product = 0;
  for (let i = k; i < column.length; i++) product += reflector[i]! * column[i]!;
  for (let i = k; i < column.length; i++) column[i]! -= 2 * product * reflector[i]!;
}

function norm(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}
