import { DesignRefused } from './design.errors.js';

/** Primitive polynomial (degree, inner coefficients) and first direction numbers of the axes from the second on. */
const DIRECTIONS: readonly { degree: number; polynomial: number; first: readonly number[] }[] = [
  { degree: 1, polynomial: 0, first: [1] },
  { degree: 2, polynomial: 1, first: [1, 3] },
  { degree: 3, polynomial: 1, first: [1, 3, 1] },
  { degree: 3, polynomial: 2, first: [1, 1, 1] },
  { degree: 4, polynomial: 1, first: [1, 1, 3, 3] },
  { degree: 4, polynomial: 4, first: [1, 3, 5, 13] },
  { degree: 5, polynomial: 2, first: [1, 1, 5, 5, 17] },
  { degree: 5, polynomial: 4, first: [1, 1, 5, 5, 5] },
  { degree: 5, polynomial: 7, first: [1, 1, 7, 11, 19] },
];
const BITS = 30;

/**
 * Points of Sobol' (1967) in the unit cube, unscrambled, with the direction numbers of Joe and Kuo (2008), SIAM J. Sci. Comput.
 * 30, 2635, in Gray-code order; the first point is the origin. Up to ten axes.
 */
export function sobol(points: number, axes: number): number[][] {
  if (!Number.isInteger(axes) || axes < 1 || axes > DIRECTIONS.length + 1) throw new DesignRefused('factor-count', `Sobol points are built in for 1 to ${DIRECTIONS.length + 1} factors.`);
  const directions = Array.from({ length: axes }, (_, axis) => directionsOf(axis));
  const state = Array<number>(axes).fill(0);
  return Array.from({ length: points }, (_, index) => {
    if (index > 0) state.forEach((value, axis) => { state[axis] = value ^ directions[axis]![lowestBit(index)]!; });
    return state.map((value) => value / 2 ** BITS);
  });
}

function directionsOf(axis: number): number[] {
  if (axis === 0) return Array.from({ length: BITS }, (_, bit) => 2 ** (BITS - 1 - bit));
  const { degree, polynomial, first } = DIRECTIONS[axis - 1]!;
  const found = first.map((value, bit) => value * 2 ** (BITS - 1 - bit));
  for (let bit = degree; bit < BITS; bit += 1) {
    let next = found[bit - degree]! ^ (found[bit - degree]! >> degree);
    for (let k = 1; k < degree; k += 1) if ((polynomial >> (degree - 1 - k)) & 1) next ^= found[bit - k]!;
    found.push(next);
  }
  return found;
}

function lowestBit(index: number): number {
  return 31 - Math.clz32(index & -index);
}
