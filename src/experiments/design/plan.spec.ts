import { codedRun, type Factor } from '../factors.js';
import { DesignRefused } from './design.errors.js';
import { type DesignKind, type Plan, planOf, type PlanOptions } from './plan.js';
import { plannedDesign } from './planned-design.js';
import { finished } from './search-progress.js';

const cube = (...names: string[]): Factor[] => names.map((name) => ({ name, kind: 'continuous', low: 10, high: 20 }));
const blend = (...names: string[]): Factor[] => names.map((name) => ({ name, kind: 'mixture' }));
const made = (factors: Factor[], kind: DesignKind, options: PlanOptions = {}, seed = 1): Plan => finished(planOf(factors, kind, options, seed));
const refusal = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof DesignRefused) return error.code.replace('experiments.design-', '');
  }
  return 'none';
};

describe('a plan', () => {
  it.each<[DesignKind, Factor[], PlanOptions, number]>([
    ['full-factorial', [...cube('A', 'B'), { name: 'C', kind: 'categorical', levels: ['x', 'y', 'z'] }], { levels: { A: 3 }, replicates: 2 }, 36],
    ['full-factorial', cube('A', 'B', 'C'), { blocks: 2, centrePoints: 2 }, 10],
    ['fractional-factorial', cube('A', 'B', 'C', 'D', 'E'), { resolution: 5 }, 16],
    ['fractional-factorial', cube('A', 'B', 'C', 'D', 'E'), { generators: ['D=AB', 'E=AC'], foldOver: true }, 16],
    ['plackett-burman', cube('A', 'B', 'C', 'D', 'E'), { foldOver: true, centrePoints: 1 }, 17],
    ['central-composite', cube('A', 'B'), { alpha: 'face-centred', centrePoints: 5 }, 13],
    ['box-behnken', cube('A', 'B', 'C'), {}, 15],
    ['latin-hypercube', cube('A', 'B', 'C'), { runs: 12, exchanges: 500 }, 12],
    ['d-optimal', [...cube('A', 'B'), { name: 'C', kind: 'categorical', levels: ['x', 'y', 'z'] }], { runs: 9, model: 'linear' }, 9],
    ['simplex-lattice', blend('A', 'B', 'C'), { degree: 3 }, 10],
    ['simplex-centroid', blend('A', 'B', 'C'), { interior: true }, 11],
  ])('of a %s has its runs, each once in the order, with settings in natural units; a seed gives it again', (kind, factors, options, runs) => {
    const plan = made(factors, kind, options);
    expect(plan.runs.map(({ standardOrder }) => standardOrder).sort((a, b) => a - b)).toEqual(Array.from({ length: runs }, (_, index) => index + 1));
    for (const { settings } of plan.runs) expect(codedRun(factors, settings).every((code) => typeof code === 'string' || Math.abs(code) <= 1 + 1e-9)).toBe(true);
    expect(made(factors, kind, options)).toEqual(plan);
    expect(made(factors, kind, options, 2).runs).not.toEqual(plan.runs);
  });

  it('makes one block after the other', () => {
    const blocks = made(cube('A', 'B', 'C'), 'full-factorial', { blocks: 2 }).runs.map(({ block }) => block);
    expect(blocks).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
  });

  it('tells the aliases of what is run: with its mirror image a fraction of resolution III has resolution IV', () => {
    const factors = cube('A', 'B', 'C', 'D', 'E');
    expect(made(factors, 'fractional-factorial', { generators: ['D=AB', 'E=AC'] }).aliases).toMatchObject({ resolution: 'III', generators: ['D=AB', 'E=AC'], definingWords: ['ABD', 'ACE', 'BCDE'] });
    expect(made(factors, 'fractional-factorial', { generators: ['D=AB', 'E=AC'], foldOver: true }).aliases).toMatchObject({ runs: 16, resolution: 'IV', definingWords: ['BCDE'] });
    expect(made(factors, 'fractional-factorial', { generators: ['C=-AB'] }).aliases).toMatchObject({ generators: ['C=-AB'] });
  });

  it('refuses what its kind does not read, and options that contradict each other', () => {
    const factors = cube('A', 'B', 'C', 'D');
    expect(refusal(() => made(factors, 'box-behnken', { alpha: 2 }))).toBe('option');
    expect(refusal(() => made(factors, 'fractional-factorial', { runs: 8, generators: ['D=ABC'] }))).toBe('option');
    expect(refusal(() => made(factors, 'full-factorial', { levels: { Z: 3 } }))).toBe('levels');
    expect(refusal(() => made(factors, 'full-factorial', { levels: { A: 3 }, blocks: 2 }))).toBe('option');
    expect(refusal(() => made([...factors, { name: 'E', kind: 'categorical', levels: ['x', 'y', 'z'] }], 'plackett-burman'))).toBe('levels');
    expect(refusal(() => made([...factors, { name: 'E', kind: 'discrete', levels: [1, 2] }], 'full-factorial', { centrePoints: 1 }))).toBe('centre');
    expect(refusal(() => made(factors, 'd-optimal'))).toBe('run-count');
    expect(refusal(() => made([{ name: 'A', kind: 'mixture', high: 0.5 }, ...blend('B', 'C')], 'simplex-centroid'))).toBe('mixture');
  });

  it('completes runs that are kept, and judges all together', () => {
    const factors = cube('A', 'B');
    const kept = [[-1, -1], [1, -1], [-1, 1]];
    const planned = plannedDesign({ factors, kind: 'd-optimal', options: { runs: 1, model: ['1', 'A', 'B', 'A:B'], keepRuns: true }, seed: 1, kept }, () => false);
    expect(planned.runs.map(({ settings }) => settings)).toEqual([[20, 20]]);
    expect(planned).toMatchObject({ kept: 3, properties: { runs: 4, orthogonal: true } });
  });

  it('says that its search was stopped', () => {
    const request = { factors: cube('A', 'B', 'C'), kind: 'd-optimal' as const, options: { runs: 12 }, seed: 1, kept: [] };
    expect(plannedDesign(request, () => true)).toMatchObject({ stopped: 'time-limit', search: { startsDone: 1 } });
    expect(plannedDesign(request, () => false).stopped).toBeUndefined();
  });
});
