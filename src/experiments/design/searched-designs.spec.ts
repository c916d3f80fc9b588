import type { Factor } from '../factors.js';
import { parseTerms, presetTerms } from '../terms.js';
import { dOptimal } from './d-optimal.js';
import type { OptimalOptions } from './exchange-setup.js';
import { maximinLatinHypercube } from './latin-hypercube.js';
import { SeededChance } from './random-order.js';
import { Region } from './region.js';
import { finished } from './search-progress.js';
import { isLatinHypercube, spaceFilling } from './space-filling.js';

const refused = (code: string): Error => expect.objectContaining({ code: `experiments.design-${code}`, kind: 'rule-broken' });
const numeric = (name: string, low = -1, high = 1): Factor => ({ name, kind: 'continuous', low, high });
const shares: Factor[] = ['x', 'y', 'z'].map((name) => ({ name, kind: 'mixture' }));

const named: Factor = { name: 'a', kind: 'categorical', levels: ['u', 'v'] };

describe('the region', () => {
  it('of shares with bounds has the corners of the cut simplex, and samples stay inside', () => {
    const region = new Region([{ name: 'x', kind: 'mixture', low: 0.1, high: 0.6 }, { name: 'y', kind: 'mixture', high: 0.5 }, { name: 'z', kind: 'mixture' }]);
    const corners = region.cornerPoints(100).map((corner) => corner.map((share) => Number(share).toFixed(2)).join(' ')).sort();
    expect(corners).toEqual(['0.10 0.00 0.90', '0.10 0.50 0.40', '0.50 0.50 0.00', '0.60 0.00 0.40', '0.60 0.40 0.00']);
    const chance = new SeededChance(3);
    expect(Array.from({ length: 200 }, () => region.sample(chance)).every((point) => region.contains(point))).toBe(true);
  });

  it.each([
    ['no two bounds can both be met', [numeric('a'), numeric('b')], [{ coefficients: { a: 1, b: 1 }, atLeast: 3 }], 'no-feasible-point'],
    ['the least shares exceed the whole', shares.map((share) => ({ ...share, low: 0.4 })), [], 'no-feasible-point'],
    ['a bound is turned round', [numeric('a')], [{ coefficients: { a: 1 }, atLeast: 1, atMost: 0 }], 'no-feasible-point'],
    ['a constraint has no bound', [numeric('a')], [{ coefficients: { a: 1 } }], 'constraint-unbounded'],
    ['a bound is NaN', [numeric('a')], [{ coefficients: { a: 1 }, atMost: NaN }], 'constraint-not-finite'],
    ['a constraint weighs nothing', [numeric('a')], [{ coefficients: { a: 0 }, atMost: 1 }], 'constraint-empty'],
    ['a constraint names no factor', [numeric('a')], [{ coefficients: { b: 1 }, atMost: 1 }], 'constraint-unknown-factor'],
    ['names are summed', [named], [{ coefficients: { a: 1 }, atMost: 1 }], 'constraint-categorical'],
  ])('is refused where %s', (_, factors, constraints, code) => {
    expect(() => new Region(factors, constraints)).toThrow(refused(code));
  });
});

describe('D-optimal designs', () => {
  const factors: Factor[] = [numeric('time', 80, 90), numeric('temperature', 170, 180), { name: 'catalyst', kind: 'categorical', levels: ['p', 'q', 'r'] }];
  const options: OptimalOptions = { factors, terms: presetTerms('interactions', factors), runs: 18, seed: 5, starts: 4 };

  it('find the orthogonal design where there is one', () => {
    const cube = ['a', 'b', 'c'].map((name) => numeric(name));
    const found = finished(dOptimal({ factors: cube, terms: presetTerms('interactions', cube), runs: 8, seed: 1 }));
    expect(found.dEfficiency).toBeCloseTo(1, 12);
  });

  it('are the same again for the same seed', () => {
    expect(finished(dOptimal(options))).toEqual(finished(dOptimal(options)));
  });

  it('keep linear constraints, in natural units', () => {
    const { runs } = finished(dOptimal({ ...options, constraints: [{ coefficients: { time: 1, temperature: 2 }, atMost: 440 }] }));
    const sums = runs.map(([time, temperature]) => 85 + 5 * Number(time) + 2 * (175 + 5 * Number(temperature)));
    expect(Math.max(...sums)).toBeCloseTo(440, 6);
  });

  it('keep the bounds of a mixture, and its sum', () => {
    const bounded: Factor[] = [{ ...shares[0]!, low: 0.1 }, { ...shares[1]!, high: 0.6 }, { ...shares[2]!, high: 0.7 }];
    const { runs } = finished(dOptimal({ factors: bounded, terms: presetTerms('scheffe-quadratic', bounded), runs: 9, seed: 2 }));
    const region = new Region(bounded);
    expect(runs.every((run) => region.contains(run))).toBe(true);
  });

  it('complete runs that were done before', () => {
    const line = [numeric('a')];
    const { runs } = finished(dOptimal({ factors: line, terms: parseTerms(['1', 'a', 'a^2'], line), fixed: [[-1], [1]], runs: 1, seed: 1 }));
    expect(runs).toEqual([[0]]);
  });

  it('report progress, and stop with the best so far when told to', () => {
    const search = dOptimal({ ...options, starts: 500 });
    const first = search.next();
    expect(first.value).toMatchObject({ done: expect.any(Number), best: expect.any(Number) });
    const last = search.next('stop');
    expect(last).toMatchObject({ done: true, value: { startsDone: 1, runs: expect.any(Array) } });
  });

  it('are refused with more terms than runs, terms that nothing tells apart, and no candidate inside', () => {
    expect(() => finished(dOptimal({ ...options, runs: 3 }))).toThrow(refused('more-terms-than-runs'));
    const two: Factor[] = [{ name: 'a', kind: 'discrete', levels: [1, 2] }];
    expect(() => finished(dOptimal({ factors: two, terms: parseTerms(['1', 'a', 'a^2'], two), runs: 5, seed: 1 }))).toThrow(refused('singular'));
    expect(() => finished(dOptimal({ ...options, candidates: [[2, 2, 'p']] }))).toThrow(refused('no-feasible-point'));
    expect(() => finished(dOptimal({ ...options, seed: NaN }))).toThrow(refused('seed'));
    expect(() => finished(dOptimal({ ...options, runs: Infinity }))).toThrow(refused('count'));
    const levels: Factor[] = ['a', 'b'].map((name) => ({ name, kind: 'discrete', levels: [0, 1] }));
    expect(() => finished(dOptimal({ factors: levels, terms: presetTerms('linear', levels), runs: 4, seed: 1, constraints: [{ coefficients: { a: 1, b: 1 }, atLeast: 0.4, atMost: 0.6 }] }))).toThrow(refused('no-feasible-point'));
  });
});

describe('Latin hypercubes', () => {
  it.each([[1, 10, 3], [2, 7, 2], [3, 25, 6], [4, 2, 4], [5, 12, 1]])('of seed %i are Latin hypercubes of %i runs in %i factors, and the same again', (seed, runs, factors) => {
    const found = finished(maximinLatinHypercube({ runs, factors, seed }));
    expect(isLatinHypercube(found.points)).toBe(true);
    expect(finished(maximinLatinHypercube({ runs, factors, seed }))).toEqual(found);
  });

  it('keep their points further apart than chance does, and measure it as anybody would', () => {
    const [searched, random] = [20_000, 1].map((exchanges) => finished(maximinLatinHypercube({ runs: 20, factors: 2, seed: 9, exchanges })));
    expect(searched!.minimumDistance).toBeGreaterThan(1.5 * random!.minimumDistance);
    expect(searched!.phi15).toBeCloseTo(spaceFilling(searched!.points).phi15!, 9);
  });

  it('are Latin hypercubes also when stopped', () => {
    const found = finished(maximinLatinHypercube({ runs: 30, factors: 4, seed: 1 }), () => true);
    expect(found.exchangesTried).toBe(0);
    expect(isLatinHypercube(found.points)).toBe(true);
  });

  it('are refused with one run or far too many', () => {
    expect(() => finished(maximinLatinHypercube({ runs: 1, factors: 2, seed: 1 }))).toThrow(refused('count'));
    expect(() => finished(maximinLatinHypercube({ runs: 5000, factors: 2, seed: 1 }))).toThrow(refused('too-many-runs'));
    expect(() => finished(maximinLatinHypercube({ runs: 5, factors: 0, seed: 1 }))).toThrow(refused('factor-count'));
  });
});
