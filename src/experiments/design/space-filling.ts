import { correlations } from './evaluation.js';

/** How evenly points fill the unit cube. */
export interface SpaceFilling {
  /** Each of n equal slices of each axis holds one point. */
  isLatinHypercube: boolean;
  /** Smallest distance of two points. */
  minimumDistance: number;
  /** (Σ d⁻¹⁵)^(1/15) over pairs: the smaller the better (Morris and Mitchell 1995, J. Stat. Plan. Inference 43, 381). */
  phi15: number | null;
  /** Largest absolute correlation of two axes. */
  maxAbsCorrelation: number;
  /** Hickernell (1998), Math. Comput. 67, 299, centred L2 discrepancy, squared. */
  centredL2DiscrepancySquared: number;
}

export const POWER = 15;

/** @param points In the unit cube. `phi15` is null where two points coincide. */
export function spaceFilling(points: readonly (readonly number[])[]): SpaceFilling {
  const distances = points.flatMap((a, index) => points.slice(index + 1).map((b) => distance(a, b)));
  const least = distances.reduce((smallest, value) => Math.min(smallest, value), Infinity);
  return {
    isLatinHypercube: isLatinHypercube(points),
    minimumDistance: Number.isFinite(least) ? least : 0,
    phi15: least > 0 && distances.length > 0 ? distances.reduce((sum, value) => sum + (least / value) ** POWER, 0) ** (1 / POWER) / least : null,
    maxAbsCorrelation: correlations(points).reduce((most, row, i) => row.slice(0, i).reduce<number>((largest, value) => Math.max(largest, Math.abs(value ?? 0)), most), 0),
    centredL2DiscrepancySquared: centredDiscrepancy(points),
  };
}

export function distance(a: readonly number[], b: readonly number[]): number {
  return Math.sqrt(a.reduce((sum, value, axis) => sum + (value - b[axis]!) ** 2, 0));
}

export function isLatinHypercube(points: readonly (readonly number[])[]): boolean {
  return (points[0] ?? []).every((_, axis) => new Set(points.map((point) => Math.floor(point[axis]! * points.length))).size === points.length && points.every((point) => point[axis]! >= 0 && point[axis]! < 1));
}

/** Points of Halton (1960), unscrambled: axis i in the i-th prime base, the first point is the origin. */
export function halton(points: number, axes: number): number[][] {
  const bases = primes(axes);
  return Array.from({ length: points }, (_, index) => bases.map((base) => radicalInverse(index, base)));
}

/** Digits of the index mirrored at the point: 1, 10, 11 in base 2 become .1, .01, .11. */
function radicalInverse(index: number, base: number): number {
  let value = 0;
  for (let rest = index, unit = 1 / base; rest > 0; rest = Math.floor(rest / base), unit /= base) value += (rest % base) * unit;
  return value;
}

function primes(count: number): number[] {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate += 1) if (found.every((prime) => candidate % prime !== 0)) found.push(candidate);
  return found;
}

function centredDiscrepancy(points: readonly (readonly number[])[]): number {
  const n = points.length;
  const axes = points[0]?.length ?? 0;
  const off = points.map((point) => point.map((value) => Math.abs(value - 0.5)));
  const single = off.reduce((sum, row) => sum + row.reduce((value, d) => value * (1 + 0.5 * d - 0.5 * d * d), 1), 0);
  const pairs = points.reduce((sum, a, i) => sum + points.reduce((inner, b, j) => inner + a.reduce((value, x, axis) => value * (1 + 0.5 * off[i]![axis]! + 0.5 * off[j]![axis]! - 0.5 * Math.abs(x - b[axis]!)), 1), 0), 0);
  return (13 / 12) ** axes - (2 / n) * single + pairs / n ** 2;
}
