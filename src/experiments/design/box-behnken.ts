import { DesignRefused } from './design.errors.js';
import { product } from './full-factorial.js';
import { centrePoints, planned, type PlannedRun } from './planned-run.js';
import { fraction, fractionRuns } from './two-level-fraction.js';

/** Which factors vary together while the others stay at the centre; one list for each orthogonal block, where there are blocks. */
type Table = readonly (readonly (readonly number[])[])[];

/** Incomplete block designs of Box and Behnken (1960), Technometrics 2, 455, table 4; factors counted from 1. */
const TABLES: Record<number, Table> = {
  3: [[[1, 2], [1, 3], [2, 3]]],
  4: [[[1, 2], [3, 4]], [[1, 4], [2, 3]], [[1, 3], [2, 4]]],
  5: [[[1, 2], [3, 4], [2, 5], [1, 3], [4, 5]], [[2, 3], [1, 4], [3, 5], [1, 5], [2, 4]]],
  6: [[[1, 2, 4], [2, 3, 5], [3, 4, 6], [1, 4, 5], [2, 5, 6], [1, 3, 6]]],
  7: [[[4, 5, 6], [1, 6, 7], [2, 5, 7], [1, 2, 4], [3, 4, 7], [1, 3, 5], [2, 3, 6]]],
  9: [[[1, 4, 7], [2, 5, 8], [3, 6, 9]], [[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 5, 9], [3, 4, 8], [2, 6, 7]], [[1, 6, 8], [2, 4, 9], [3, 5, 7]], [[1, 4, 7], [2, 5, 8], [3, 6, 9]]],
  10: [[[2, 6, 7, 10], [1, 2, 5, 10], [2, 3, 7, 8], [2, 4, 6, 9], [1, 8, 9, 10], [3, 4, 5, 10], [1, 4, 7, 8], [3, 5, 7, 9], [1, 3, 6, 9], [4, 5, 6, 8]]],
  11: [cycle(11, [1, 2, 3, 5, 8])],
  12: [cycle(12, [1, 2, 5, 7])],
};

/** Centre points that the paper gives to each design. */
const CENTRE_RUNS: Record<number, number> = { 3: 3, 4: 3, 5: 6, 6: 6, 7: 6, 9: 10, 10: 10, 11: 12, 12: 12 };

/** Three-level designs without corner points for the full second-order model in 3 to 7 and 9 to 12 factors. */
export interface BoxBehnkenOptions {
  factors: number;
  /** In all; shared out over the blocks, so a multiple of their number. What the paper gives unless set. */
  centreRuns?: number;
  /** Orthogonal blocks: 3 for 4 factors, 5 for 9, 2 for 5, 6, 7, 10 and 12. */
  blocks?: boolean;
}

export function boxBehnken({ factors, centreRuns, blocks = false }: BoxBehnkenOptions): PlannedRun[] {
  const table = TABLES[factors];
  if (!table) throw new DesignRefused('factor-count', `Box–Behnken designs exist here for ${Object.keys(TABLES).join(', ')} factors, not for ${factors}.`);
  const parts = blocks ? blockParts(table, factors) : [table.flat().flatMap((group) => edgePoints(group, factors))];
  const centre = centreRuns ?? Math.ceil(CENTRE_RUNS[factors]! / parts.length) * parts.length;
  if (centre % parts.length !== 0) throw new DesignRefused('count', `Share the centre points equally: their number must be a multiple of ${parts.length} blocks, not ${centre}.`);
  return parts.flatMap((points, index) => [...planned(points, 'edge', index + 1), ...centrePoints(centre / parts.length, factors, index + 1)]);
}

/** By groups of factors where the paper divides them, else by the sign of the product of the factors that vary together. */
function blockParts(table: Table, factors: number): number[][][] {
  if (table.length > 1) return table.map((groups) => groups.flatMap((group) => edgePoints(group, factors)));
  if (factors === 3 || factors === 11) throw new DesignRefused('block-count', `A Box–Behnken design of ${factors} factors has no orthogonal blocks; leave blocks out.`);
  const points = table.flat().flatMap((group) => edgePoints(group, factors));
  return [-1, 1].map((sign) => points.filter((point) => point.filter((level) => level !== 0).reduce((a, b) => a * b, 1) === sign));
}

function edgePoints(group: readonly number[], factors: number): number[][] {
  const signs = group.length === 5 ? fractionRuns(fraction(5, ['E=ABCD'])) : product(group.map(() => [-1, 1]));
  return signs.map((levels) => {
    const point = Array<number>(factors).fill(0);
    group.forEach((factor, index) => { point[factor - 1] = levels[index]!; });
    return point;
  });
}

function cycle(factors: number, group: readonly number[]): number[][] {
  return Array.from({ length: factors }, (_, shift) => group.map((factor) => ((factor - 1 + shift) % factors) + 1).sort((a, b) => a - b));
}
