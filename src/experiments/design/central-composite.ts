import { DesignRefused } from './design.errors.js';
import { centrePoints, checkCount, checkSize, planned, type PlannedRun } from './planned-run.js';
import { type Fraction, fraction, fractionRuns, resolution } from './two-level-fraction.js';

/**
 * How far out the axial points lie (Box and Wilson 1951; Box and Hunter 1957, Ann. Math. Stat. 28, 195). F factorial runs,
 * k factors, N runs in all:
 * - `rotatable` F^(1/4): equal precision at equal distance from the centre;
 * - `spherical` √k: all points but the centre on one sphere;
 * - `face-centred` 1: three levels only;
 * - `orthogonal-blocks`: factorial and axial part can be two blocks without biasing any coefficient;
 * - `orthogonal`: the squares are uncorrelated with each other;
 * - `practical` k^(1/4).
 */
export const AXIAL_DISTANCES = ['rotatable', 'spherical', 'face-centred', 'orthogonal-blocks', 'orthogonal', 'practical'] as const;
export type AxialDistance = (typeof AXIAL_DISTANCES)[number];

export interface CompositeOptions {
  factors: number;
  /** Generators of the factorial part; a full factorial unless given. Resolution V or more, so that all products can be told apart. */
  generators?: readonly string[];
  /** A name, or the distance itself in coded units. */
  alpha: AxialDistance | number;
  centreInFactorialBlock: number;
  centreInAxialBlock: number;
  /** Shrinks the design so that the axial points lie at ±1 and the factorial points inside. */
  inscribed?: boolean;
  /** Factorial part as block 1, axial part as block 2. */
  blocks?: boolean;
  /** How often each axial point is run; 1 unless given. */
  axialReplicates?: number;
}

export interface CompositeDesign {
  alpha: number;
  factorialRuns: number;
  axialRuns: number;
  centreRuns: number;
  runs: PlannedRun[];
}

export function centralComposite(options: CompositeOptions): CompositeDesign {
  const cube = factorialPart(options);
  const { factors, centreInFactorialBlock, centreInAxialBlock, axialReplicates = 1 } = options;
  checkCounts(options);
  const alpha = axialDistance(options.alpha, { factors, factorialRuns: 2 ** cube.base, centreInFactorialBlock, centreInAxialBlock, axialReplicates });
  const shrink = options.inscribed ? 1 / alpha : 1;
  const axialBlock = options.blocks ? 2 : 1;
  const factorial = fractionRuns(cube).map((run) => run.map((level) => level * shrink));
  const axial = Array.from({ length: axialReplicates }, () => axialPoints(factors, alpha * shrink)).flat();
  const runs = [
    ...planned(factorial, 'factorial'),
    ...centrePoints(centreInFactorialBlock, factors),
    ...planned(axial, 'axial', axialBlock),
    ...centrePoints(centreInAxialBlock, factors, axialBlock),
  ];
  return { alpha, factorialRuns: factorial.length, axialRuns: axial.length, centreRuns: centreInFactorialBlock + centreInAxialBlock, runs };
}

export interface CompositeCounts {
  factors: number;
  factorialRuns: number;
  centreInFactorialBlock: number;
  centreInAxialBlock: number;
  axialReplicates?: number;
}

/** Axial distance in coded units (Myers, Montgomery and Anderson-Cook, Response Surface Methodology, ch. 8). */
export function axialDistance(kind: AxialDistance | number, counts: CompositeCounts): number {
  const { factors, factorialRuns, centreInFactorialBlock, centreInAxialBlock, axialReplicates = 1 } = counts;
  const axialRuns = 2 * factors * axialReplicates;
  if (typeof kind === 'number') return checkedDistance(kind);
  switch (kind) {
    case 'rotatable':
      return (factorialRuns / axialReplicates) ** 0.25;
    case 'spherical':
      return Math.sqrt(factors);
    case 'face-centred':
      return 1;
    case 'practical':
      return factors ** 0.25;
    case 'orthogonal-blocks':
      return Math.sqrt((factorialRuns * (axialRuns + centreInAxialBlock)) / (2 * axialReplicates * (factorialRuns + centreInFactorialBlock)));
    case 'orthogonal': {
      const all = factorialRuns + axialRuns + centreInFactorialBlock + centreInAxialBlock;
      return Math.sqrt((Math.sqrt(all * factorialRuns) - factorialRuns) / (2 * axialReplicates));
    }
  }
}

function axialPoints(factors: number, distance: number): number[][] {
  return Array.from({ length: 2 * factors }, (_, index) => Array.from({ length: factors }, (__, factor) => (factor === index >> 1 ? (index % 2 === 0 ? -distance : distance) : 0)));
}

function factorialPart({ factors, generators = [] }: CompositeOptions): Fraction {
  if (!Number.isInteger(factors) || factors < 2) throw new DesignRefused('factor-count', 'A central composite design needs at least two continuous factors.');
  const cube = fraction(factors, generators);
  checkSize(2 ** cube.base);
  const reached = resolution(cube);
  if (reached && reached.number < 5) {
    throw new DesignRefused('resolution-too-low', `The factorial part has resolution ${reached.roman}: two-factor interactions would be aliased. Use generators of resolution V or more.`);
  }
  return cube;
}

function checkCounts({ centreInFactorialBlock, centreInAxialBlock, axialReplicates = 1 }: CompositeOptions): void {
  checkCount('number of centre points in the factorial block', centreInFactorialBlock, 0);
  checkCount('number of centre points in the axial block', centreInAxialBlock, 0);
  checkCount('number of axial replicates', axialReplicates, 1);
}

function checkedDistance(distance: number): number {
  if (Number.isFinite(distance) && distance > 0) return distance;
  throw new DesignRefused('axial-distance', `The axial distance must be a number above 0, not ${distance}.`);
}
