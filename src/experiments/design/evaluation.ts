import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import type { Settings } from '../factors.js';
import type { Factor } from '../factors.js';
import { type Model, modelMatrix, modelOf } from '../model-matrix.js';
import type { Term } from '../terms.js';
import { columnsOf, type Information, informationOf, inner, predictionVariance } from './information.js';
import { regionMoments } from './moments.js';
import { SeededChance } from './random-order.js';
import { Region } from './region.js';

/** What a design promises for a model before anything is measured. Efficiencies compare designs of one model in one region. */
export interface DesignProperties {
  runs: number;
  parameters: number;
  residualDf: number;
  /** Natural logarithm of det(X'X), X in coded units with sum contrasts. */
  logDeterminant: number;
  /** det(X'X)^(1/p) / n; 1 for an orthogonal two-level design (Kiefer 1959). */
  dEfficiency: number;
  /** p / (n trace (X'X)⁻¹). */
  aEfficiency: number;
  /** p over the largest scaled prediction variance; the general equivalence theorem bounds it by 1 (Kiefer and Wolfowitz 1960). */
  gEfficiency: number;
  /** p over the average scaled prediction variance; may exceed 1. */
  iEfficiency: number;
  /** Largest n f'(X'X)⁻¹f over `gridPoints` evenly spaced points of the region. */
  maxScaledPredictionVariance: number;
  gridPoints: number;
  /** f'(X'X)⁻¹f averaged over the region, exactly; constraints are not taken into account. */
  averagePredictionVariance: number;
  averageScaledPredictionVariance: number;
  /** Largest over smallest eigenvalue of X'X. */
  conditionNumber: number;
  /** No two columns are correlated. */
  orthogonal: boolean;
  /** Largest absolute correlation of two columns, constants apart. */
  largestCorrelation: number;
  columns: ColumnProperties[];
  /** Of each run: the share of its own result in its fitted value, 0 to 1 (Hoaglin and Welsch 1978). */
  leverage: number[];
}

export interface ColumnProperties {
  name: string;
  term: number;
  /** Standard error for an error standard deviation of 1. */
  relativeStandardError: number;
  /** How much the variance is inflated by correlation with other columns (Marquardt 1970); null for the intercept. */
  vif: number | null;
}

const GRID_POINTS = 20_000;
/** What rounding may leave of a correlation of zero. */
const ZERO = 1e-10;

/** @param runs Coded settings. Throws `DesignRefused` where the runs cannot estimate the terms. */
export function designProperties(factors: readonly Factor[], terms: readonly Term[], runs: readonly Settings[], region = new Region(factors)): DesignProperties {
  const model = modelOf(factors, terms, 'sum');
  const information = informationOf(modelMatrix(model, runs), model.columns);
  const { x, logDeterminant, inverse } = information;
  const [n, p] = [runs.length, model.columns.length];
  const variances = gridVariances(region, model, information);
  const largest = n * variances.reduce((most, value) => Math.max(most, value), 0);
  const average = averageVariance(factors, model, inverse);
  const largestCorrelation = strongest(x);
  return {
    runs: n,
    parameters: p,
    residualDf: n - p,
    logDeterminant,
    dEfficiency: Math.exp(logDeterminant / p) / n,
    aEfficiency: p / (n * inverse.reduce((trace, row, index) => trace + row[index]!, 0)),
    gEfficiency: p / largest,
    iEfficiency: p / (n * average),
    maxScaledPredictionVariance: largest,
    gridPoints: variances.length,
    averagePredictionVariance: average,
    averageScaledPredictionVariance: n * average,
    conditionNumber: conditionNumber(x),
    orthogonal: largestCorrelation < ZERO,
    largestCorrelation,
    columns: columnProperties(model, information),
    leverage: x.map((row) => predictionVariance(inverse, row)),
  };
}

/** Share of the region, rising from 0 to 1, that has at most this scaled prediction variance (Zahran, Anderson-Cook and Myers 2003, J. Qual. Technol. 35, 377). */
export function fractionOfDesignSpace(factors: readonly Factor[], terms: readonly Term[], runs: readonly Settings[], options: { seed: number; points?: number; region?: Region }): { fraction: number; scaledVariance: number }[] {
  const { seed, points = 5000, region = new Region(factors) } = options;
  const model = modelOf(factors, terms, 'sum');
  const { inverse } = informationOf(modelMatrix(model, runs), model.columns);
  const chance = new SeededChance(seed);
  const sorted = Array.from({ length: points }, () => runs.length * predictionVariance(inverse, model.row(region.sample(chance)))).sort((a, b) => a - b);
  return Array.from({ length: 101 }, (_, percent) => ({ fraction: percent / 100, scaledVariance: sorted[Math.round((percent / 100) * (points - 1))]! }));
}

/** Correlations of the columns of a matrix, by columns; a constant column has none, which is null. */
export function correlations(x: readonly (readonly number[])[]): (number | null)[][] {
  const centred = columnsOf(x).map((column) => {
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    const rest = Array.from(column, (value) => value - mean);
    const size = Math.hypot(...rest);
    return size > ZERO * Math.hypot(...column) ? rest.map((value) => value / size) : null;
  });
  return centred.map((a, i) => centred.map((b, j) => (a && b ? (i === j ? 1 : tidy(inner(a, b))) : null)));
}

/** A correlation of two equal columns may come out a rounding beside 1. */
function tidy(correlation: number): number {
  if (Math.abs(correlation) < ZERO) return 0;
  return Math.abs(correlation) > 1 - ZERO ? Math.sign(correlation) : correlation;
}

function strongest(x: readonly (readonly number[])[]): number {
  return correlations(x).reduce((most, row, i) => row.slice(0, i).reduce<number>((largest, value) => Math.max(largest, Math.abs(value ?? 0)), most), 0);
}

function gridVariances(region: Region, model: Model, { x, inverse }: Information): number[] {
  const grid = region.grid(GRID_POINTS);
  const points = grid.length > 0 ? grid.map((point) => model.row(point)) : sampled(region, model);
  return (points.length > 0 ? points : x).map((row) => predictionVariance(inverse, row));
}

/** Where even two levels of every factor make too large a grid. */
function sampled(region: Region, model: Model): number[][] {
  const chance = new SeededChance(1);
  return Array.from({ length: GRID_POINTS / 4 }, () => model.row(region.sample(chance).map((value) => (typeof value === 'number' && region.spaces.length === 0 && region.shares.length === 0 ? Math.sign(value) : value))));
}

function averageVariance(factors: readonly Factor[], model: Model, inverse: readonly (readonly number[])[]): number {
  return regionMoments(factors, model.columns, 'sum').reduce((sum, row, index) => sum + inner(row, inverse[index]!), 0);
}

/** By singular values of X, which rounding cannot make negative as it can eigenvalues of X'X. */
function conditionNumber(x: readonly (readonly number[])[]): number {
  const { diagonal } = new SingularValueDecomposition(new Matrix(x), { computeLeftSingularVectors: false, computeRightSingularVectors: false });
  return (Math.max(...diagonal) / Math.min(...diagonal)) ** 2;
}

function columnProperties(model: Model, { x, inverse }: Information): ColumnProperties[] {
  const constant = model.columns.some(({ parts }) => parts.length === 0);
  return columnsOf(x).map((column, index) => {
    const mean = constant ? column.reduce((sum, value) => sum + value, 0) / column.length : 0;
    const squares = column.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const { name, term, parts } = model.columns[index]!;
    return { name, term, relativeStandardError: Math.sqrt(inverse[index]![index]!), vif: parts.length === 0 ? null : squares * inverse[index]![index]! };
  });
}
