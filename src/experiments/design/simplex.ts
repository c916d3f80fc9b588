import { subsets } from '../terms.js';
import { DesignRefused } from './design.errors.js';
import { checkSize } from './planned-run.js';

/**
 * Simplex lattice {q, m}: all blends whose shares are multiples of 1/m (Scheffé 1958, J. R. Stat. Soc. B 20, 344).
 * It supports the canonical polynomial of degree m.
 */
export function simplexLattice(components: number, degree: number): number[][] {
  checkComponents(components);
  if (!Number.isInteger(degree) || degree < 1) throw new DesignRefused('degree', `The degree of a simplex lattice is a whole number from 1, not ${degree}.`);
  checkSize(latticeSize(components, degree));
  return compositions(degree, components).map((parts) => parts.map((part) => part / degree));
}

/** Simplex centroid: every blend of equal shares of one, two … q components, 2^q − 1 of them (Scheffé 1963, B 25, 235). */
export function simplexCentroid(components: number): number[][] {
  checkComponents(components);
  checkSize(2 ** Math.min(components, 60) - 1);
  const indices = Array.from({ length: components }, (_, index) => index);
  return indices.flatMap((size) => subsets(indices, size + 1)).map((chosen) => indices.map((index) => (chosen.includes(index) ? 1 / chosen.length : 0)));
}

/** Axial blends: halfway between the overall centroid and each vertex (Cornell, Experiments with Mixtures, ch. 2). */
export function axialBlends(components: number): number[][] {
  checkComponents(components);
  return Array.from({ length: components }, (_, component) => Array.from({ length: components }, (__, index) => (index === component ? (components + 1) / (2 * components) : 1 / (2 * components))));
}

export function overallCentroid(components: number): number[] {
  return Array<number>(components).fill(1 / components);
}

/**
 * Shares from pseudo-components: each share is its lower bound plus its part of what the lower bounds leave (Kurotori 1966).
 * Upper bounds that cut the simplex are not met by it: use a D-optimal design there.
 */
export function fromPseudoComponents(blend: readonly number[], lower: readonly number[]): number[] {
  const rest = 1 - lower.reduce((sum, bound) => sum + bound, 0);
  if (!(rest > 0)) throw new DesignRefused('no-feasible-point', 'The least shares add up to 1 or more, so that nothing can vary; lower them.');
  return blend.map((share, index) => lower[index]! + share * rest);
}

function checkComponents(components: number): void {
  if (!Number.isInteger(components) || components < 2) throw new DesignRefused('factor-count', 'A mixture design needs at least two mixture factors.');
}

function latticeSize(components: number, degree: number): number {
  let count = 1;
  for (let index = 1; index < components; index += 1) count = (count * (degree + index)) / index;
  return Math.round(count);
}

/** Every way to write `total` as a sum of `parts` numbers from 0, the first falling from `total`. */
function compositions(total: number, parts: number): number[][] {
  if (parts === 1) return [[total]];
  return Array.from({ length: total + 1 }, (_, index) => total - index).flatMap((first) => compositions(total - first, parts - 1).map((rest) => [first, ...rest]));
}
