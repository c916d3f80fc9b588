import type { Factor } from '../factors.js';
import { boxBehnken } from './box-behnken.js';
import { centralComposite } from './central-composite.js';
import { fullFactorial } from './full-factorial.js';
import { plackettBurman } from './plackett-burman.js';
import { centrePoints, planned, replicated } from './planned-run.js';
import { runOrder } from './random-order.js';
import { axialBlends, fromPseudoComponents, simplexCentroid, simplexLattice } from './simplex.js';

const refused = (code: string): Error => expect.objectContaining({ code: `experiments.design-${code}`, kind: 'rule-broken' });
const factor = (name: string): Factor => ({ name, kind: 'continuous', low: 0, high: 1 });

describe('full factorial', () => {
  it('holds every combination once, the first factor fastest', () => {
    const factors: Factor[] = [factor('a'), { name: 'b', kind: 'categorical', levels: ['x', 'y'] }];
    expect(fullFactorial(factors, [3])).toEqual([[-1, 'x'], [0, 'x'], [1, 'x'], [-1, 'y'], [0, 'y'], [1, 'y']]);
  });

  it('is refused with one level, with shares of a mixture, and when nobody could run it', () => {
    expect(() => fullFactorial([factor('a')], [1])).toThrow(refused('one-level'));
    expect(() => fullFactorial([factor('a')], [NaN])).toThrow(refused('one-level'));
    expect(() => fullFactorial([{ name: 'a', kind: 'mixture' }])).toThrow(refused('mixture'));
    expect(() => fullFactorial(Array.from({ length: 40 }, (_, index) => factor(`f${index}`)))).toThrow(refused('too-many-runs'));
    expect(() => fullFactorial([factor('a')], [1e9])).toThrow(refused('too-many-runs'));
  });
});

describe('Plackett–Burman', () => {
  it.each([4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 56, 60, 64, 68, 72, 76, 80, 84, 88, 96])('is orthogonal and balanced in %i runs', (runs) => {
    const design = plackettBurman(runs - 1, runs);
    const columns = [design.map(() => 1), ...design[0]!.map((_, column) => design.map((run) => run[column]!))];
    const inner = columns.flatMap((a, index) => columns.slice(index + 1).map((b) => a.reduce((sum, level, run) => sum + level * b[run]!, 0)));
    expect(new Set(inner)).toEqual(new Set([0]));
  });

  it('takes the smallest size that suffices, and refuses those that do not exist', () => {
    expect(plackettBurman(11)).toHaveLength(12);
    expect(plackettBurman(12)).toHaveLength(16);
    expect(() => plackettBurman(12, 12)).toThrow(refused('runs-too-few'));
    expect(() => plackettBurman(5, 10)).toThrow(refused('run-count'));
    expect(() => plackettBurman(50, 52)).toThrow(refused('run-count'));
    expect(() => plackettBurman(200)).toThrow(refused('run-count'));
    expect(() => plackettBurman(0)).toThrow(refused('factor-count'));
  });
});

describe('central composite', () => {
  it('has three levels when face-centred, and stays within ±1 when inscribed', () => {
    const options = { factors: 3, centreInFactorialBlock: 2, centreInAxialBlock: 2 };
    const levels = (runs: { settings: unknown[] }[]): number[] => [...new Set(runs.flatMap(({ settings }) => settings.map(Number)).map((level) => level + 0))].sort((a, b) => a - b);
    expect(levels(centralComposite({ ...options, alpha: 'face-centred' }).runs)).toEqual([-1, 0, 1]);
    expect(levels(centralComposite({ ...options, alpha: 'rotatable', inscribed: true }).runs).at(-1)).toBe(1);
  });

  it('in two blocks keeps block means free of the model', () => {
    const { runs } = centralComposite({ factors: 3, alpha: 'orthogonal-blocks', centreInFactorialBlock: 4, centreInAxialBlock: 2, blocks: true });
    const meanSquare = (block: number): number => {
      const own = runs.filter((run) => run.block === block);
      return own.reduce((sum, { settings }) => sum + Number(settings[0]) ** 2, 0) / own.length;
    };
    expect(meanSquare(1)).toBeCloseTo(meanSquare(2), 14);
  });

  it('is refused with a factorial part that aliases interactions, and with a distance of zero', () => {
    const options = { factors: 4, alpha: 'rotatable', centreInFactorialBlock: 2, centreInAxialBlock: 2 } as const;
    expect(() => centralComposite({ ...options, generators: ['D=ABC'] })).toThrow(refused('resolution-too-low'));
    expect(() => centralComposite({ ...options, alpha: 0 })).toThrow(refused('axial-distance'));
    expect(() => centralComposite({ ...options, alpha: NaN })).toThrow(refused('axial-distance'));
    expect(() => centralComposite({ ...options, factors: 1 })).toThrow(refused('factor-count'));
    expect(() => centralComposite({ ...options, centreInAxialBlock: 1.5 })).toThrow(refused('count'));
  });
});

describe('Box–Behnken', () => {
  it.each([[3, 15], [4, 27], [5, 46], [6, 54], [7, 62], [9, 130], [10, 170], [11, 188], [12, 204]])('of %i factors has the published %i runs, each factor varied alike', (factors, count) => {
    const runs = boxBehnken({ factors });
    expect(runs).toHaveLength(count);
    const squares = Array.from({ length: factors }, (_, index) => runs.reduce((sum, { settings }) => sum + Number(settings[index]) ** 2, 0));
    expect(new Set(squares).size).toBe(1);
  });

  it.each([[4, 3], [5, 2], [6, 2], [7, 2], [9, 5], [10, 2], [12, 2]])('of %i factors falls into %i orthogonal blocks', (factors, count) => {
    const runs = boxBehnken({ factors, blocks: true });
    const sizes = Array.from({ length: count }, (_, index) => runs.filter(({ block }) => block === index + 1).map(({ settings }) => settings.map(Number)));
    expect(new Set(sizes.map(({ length }) => length)).size).toBe(1);
    const moments = sizes.map((block) => Array.from({ length: factors }, (_, a) => Array.from({ length: factors + 1 - a }, (__, b) => block.reduce((sum, run) => sum + run[a]! * (run[a + b] ?? 1), 0))));
    for (const [a, row] of moments[0]!.entries()) expect([a, row.slice(1)]).toEqual([a, row.slice(1).map(() => 0)]);
    expect(moments).toEqual(moments.map(() => moments[0]));
  });

  it('is refused where none is published', () => {
    expect(() => boxBehnken({ factors: 8 })).toThrow(refused('factor-count'));
    expect(() => boxBehnken({ factors: 3, blocks: true })).toThrow(refused('block-count'));
    expect(() => boxBehnken({ factors: 4, blocks: true, centreRuns: 4 })).toThrow(refused('count'));
  });
});

describe('mixture designs', () => {
  it('have the published numbers of blends, and shares that add up to one', () => {
    expect(simplexLattice(3, 2)).toEqual([[1, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 1, 0], [0, 0.5, 0.5], [0, 0, 1]]);
    expect(simplexLattice(4, 3)).toHaveLength(20);
    expect(simplexCentroid(4)).toHaveLength(15);
    for (const blend of [...simplexCentroid(5), ...axialBlends(5), ...simplexLattice(5, 3)]) expect(blend.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 14);
  });

  it('keep lower bounds by pseudo-components, and are refused where these leave nothing to vary', () => {
    expect(fromPseudoComponents([1, 0, 0], [0.2, 0.1, 0.1])).toEqual([expect.closeTo(0.8, 14), 0.1, 0.1]);
    expect(() => fromPseudoComponents([1, 0], [0.5, 0.5])).toThrow(refused('no-feasible-point'));
    expect(() => simplexLattice(1, 2)).toThrow(refused('factor-count'));
    expect(() => simplexLattice(3, 0)).toThrow(refused('degree'));
    expect(() => simplexLattice(30, 20)).toThrow(refused('too-many-runs'));
    expect(() => simplexCentroid(64)).toThrow(refused('too-many-runs'));
  });
});

describe('the run order', () => {
  const runs = replicated([...planned(Array.from({ length: 8 }, (_, index) => [index]), 'factorial'), ...centrePoints(2, 1, 2)], 2);

  it('is the same again for the same seed, and another for another', () => {
    expect(runOrder(runs, 7)).toEqual(runOrder(runs, 7));
    expect(runOrder(runs, 7)).not.toEqual(runOrder(runs, 8));
  });

  it('holds every run once, block after block', () => {
    const order = runOrder(runs, 4294967295);
    expect([...order].sort((a, b) => a - b)).toEqual([...runs.keys()]);
    expect(order.map((index) => runs[index]!.block)).toEqual([...Array<number>(16).fill(1), ...Array<number>(4).fill(2)]);
  });

  it('is known for seed 42: another would break the plans of those who kept the seed', () => {
    expect(runOrder(planned(Array.from({ length: 8 }, () => [0]), 'factorial'), 42)).toEqual([1, 3, 4, 2, 0, 7, 6, 5]);
  });

  it('refuses seeds that are no whole numbers, and replicates below one', () => {
    expect(() => runOrder(runs, 1.5)).toThrow(refused('seed'));
    expect(() => runOrder(runs, -1)).toThrow(refused('seed'));
    expect(() => replicated(runs, 0)).toThrow(refused('count'));
    expect(() => replicated(runs, 9999)).toThrow(refused('too-many-runs'));
  });
});
