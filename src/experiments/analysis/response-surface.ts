import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { natural } from '../factors.js';
import { AnalysisRefused } from './analysis.errors.js';
import { toNumber } from './double-double.js';
import type { Fit } from './fit.js';

/** The part of second order of a fitted model in its numeric factors: b0 + b'x + x'Bx, categorical factors at their first level. */
export interface ResponseSurface {
  factors: string[];
  constant: number;
  slopes: number[];
  /** Symmetric. */
  curvature: number[][];
}

export type Nature = 'maximum' | 'minimum' | 'saddle' | 'ridge';

export interface CanonicalAnalysis {
  factors: string[];
  /** In the units of the model; null for a ridge, along which the response does not change. */
  stationaryPoint: Record<string, number> | null;
  /** In natural units. */
  stationaryPointNatural: Record<string, number> | null;
  predicted: number | null;
  /** Falling. */
  eigenvalues: number[];
  /** One each, the component of largest size positive. */
  eigenvectors: number[][];
  nature: Nature;
}

/** A curvature below this share of the largest is none. */
const FLAT = 1e-10;

/** Reads the surface off a fit; refuses models with terms of third order, whose surface has no such form. */
export function responseSurface(fit: Fit): ResponseSurface {
  const numeric = new Set(fit.request.factors.filter(({ kind }) => kind !== 'categorical').map(({ name }) => name));
  const terms = fit.request.terms.filter(({ parts }) => parts.every(({ factor }) => numeric.has(factor)));
  const factors = [...numeric].filter((name) => terms.some(({ parts }) => parts.some(({ factor }) => factor === name)));
  const surface: ResponseSurface = { factors, constant: 0, slopes: factors.map(() => 0), curvature: factors.map(() => factors.map(() => 0)) };
  fit.request.terms.forEach((term, index) => {
    const [position] = fit.positionsOf(index);
    if (position === undefined || !terms.includes(term)) return;
    addTerm(surface, term.parts.flatMap(({ factor, power }) => new Array<number>(power).fill(factors.indexOf(factor))), toNumber(fit.solution.coefficients[position]!));
  });
  if (factors.length === 0) throw new AnalysisRefused('no-surface', 'The model has no numeric factor, so there is no surface to describe.');
  return surface;
}

/** Box and Wilson (1951), J. R. Stat. Soc. B 13, 1; Myers, Montgomery and Anderson-Cook (2016), section 6.3. */
export function canonicalAnalysis(fit: Fit): CanonicalAnalysis {
  const surface = responseSurface(fit);
  const { eigenvalues, eigenvectors } = eigen(surface);
  const flat = eigenvalues.some((value) => Math.abs(value) <= FLAT * Math.max(...eigenvalues.map(Math.abs)));
  const at = flat ? null : stationary(surface, eigenvalues, eigenvectors);
  return {
    factors: surface.factors,
    stationaryPoint: at && named(surface.factors, at),
    stationaryPointNatural: at && named(surface.factors, at.map((value, i) => inNatural(fit, surface.factors[i]!, value))),
    predicted: at && valueAt(surface, at),
    eigenvalues,
    eigenvectors,
    nature: natureOf(eigenvalues, flat),
  };
}

/** The direction in which the response rises fastest from the centre, as a unit vector in the units of the model. */
export function steepestAscent(fit: Fit): { direction: Record<string, number>; naturalIncrement: Record<string, number> } | null {
  const { factors, slopes } = responseSurface(fit);
  const length = Math.hypot(...slopes);
  if (length === 0) return null;
  const unit = slopes.map((slope) => slope / length);
  const increments = unit.map((value, i) => inNatural(fit, factors[i]!, value) - inNatural(fit, factors[i]!, 0));
  return { direction: named(factors, unit), naturalIncrement: named(factors, increments) };
}

export function valueAt({ constant, slopes, curvature }: ResponseSurface, at: readonly number[]): number {
  return at.reduce((sum, x, i) => sum + x * (slopes[i]! + at.reduce((inner, z, j) => inner + curvature[i]![j]! * z, 0)), constant);
}

export function eigen({ curvature }: ResponseSurface): { eigenvalues: number[]; eigenvectors: number[][] } {
  const decomposed = new EigenvalueDecomposition(new Matrix(curvature), { assumeSymmetric: true });
  const vectors = decomposed.eigenvectorMatrix.transpose().to2DArray();
  const pairs = decomposed.realEigenvalues.map((value, i) => ({ value, vector: upright(vectors[i]!) })).sort((a, b) => b.value - a.value);
  return { eigenvalues: pairs.map(({ value }) => value), eigenvectors: pairs.map(({ vector }) => vector) };
}

export function named(factors: readonly string[], values: readonly number[]): Record<string, number> {
  return Object.fromEntries(factors.map((factor, i) => [factor, values[i]!]));
}

function addTerm(surface: ResponseSurface, factors: readonly number[], coefficient: number): void {
  const [first, second, third] = factors;
  if (third !== undefined) throw new AnalysisRefused('third-order', 'The model has a term of third order; fit one of second order to describe its surface.');
  if (first === undefined) surface.constant = coefficient;
  else if (second === undefined) surface.slopes[first] = coefficient;
  else {
    surface.curvature[first]![second]! += coefficient / 2;
    surface.curvature[second]![first]! += coefficient / 2;
  }
}

/** -B^-1 b / 2, by way of the eigenvectors. */
function stationary({ slopes }: ResponseSurface, eigenvalues: readonly number[], eigenvectors: readonly number[][]): number[] {
  const along = eigenvectors.map((vector, i) => -dot(vector, slopes) / (2 * eigenvalues[i]!));
  return slopes.map((_, i) => eigenvectors.reduce((sum, vector, k) => sum + along[k]! * vector[i]!, 0));
}

function natureOf(eigenvalues: readonly number[], flat: boolean): Nature {
  if (flat) return 'ridge';
  if (eigenvalues[0]! < 0) return 'maximum';
  return eigenvalues.at(-1)! > 0 ? 'minimum' : 'saddle';
}

function upright(vector: readonly number[]): number[] {
  const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return vector.map((value) => (largest < 0 ? -value : value));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

/** Natural value of a coordinate in the units of the model. */
export function inNatural(fit: Fit, name: string, value: number): number {
  if (fit.request.units === 'natural') return value;
  const factor = fit.request.factors.find((candidate) => candidate.name === name)!;
  // Not rounded to a level: the path of a discrete factor is still a path.
  return Number(natural(factor.kind === 'discrete' ? { ...factor, kind: 'continuous', low: Number(factor.levels![0]), high: Number(factor.levels!.at(-1)) } : factor, value));
}
