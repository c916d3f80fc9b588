import { checkFactors, coded, codedRun, type Factor, natural, naturalRun } from './factors.js';
import { Problem } from '../platform/problems/problem.js';

const time: Factor = { name: 'time', kind: 'continuous', low: 80, high: 90 };

describe('coded units', () => {
  it('run from -1 at low to +1 at high, and back', () => {
    expect([80, 85, 90, 92.07].map((value) => coded(time, value))).toEqual([-1, 0, 1, expect.closeTo(1.414, 12)]);
    expect([-1, 0, 1].map((code) => natural(time, code))).toEqual([80, 85, 90]);
  });

  it('take the declared centre for zero where it is not the midpoint', () => {
    const stop: Factor = { name: 'stop', kind: 'continuous', low: 45, high: 80, centre: 62 };
    expect([45, 62, 80].map((value) => coded(stop, value))).toEqual([-1, 0, 1]);
    expect(natural(stop, 0)).toBe(62);
  });

  it('of a discrete factor lead back to one of its levels, those of shares and names stay as they are', () => {
    const factors: Factor[] = [{ name: 'bands', kind: 'discrete', levels: [1, 2, 5] }, { name: 'x', kind: 'mixture' }, { name: 'grit', kind: 'categorical', levels: ['fine', 'coarse'] }];
    expect(naturalRun(factors, [0, 0.25, 'fine'])).toEqual([2, 0.25, 'fine']);
    expect(codedRun(factors, [5, 0.25, 'fine'])).toEqual([1, 0.25, 'fine']);
  });
});

describe('factors are refused', () => {
  const cases: [string, Factor[]][] = [
    ['missing', []],
    ['constant', [{ name: 'a', kind: 'continuous', low: 3, high: 3 }]],
    ['range-reversed', [{ name: 'a', kind: 'continuous', low: 3, high: 1 }]],
    ['range-missing', [{ name: 'a', kind: 'continuous', low: 3 }]],
    ['not-finite', [{ name: 'a', kind: 'continuous', low: 3, high: Infinity }]],
    ['not-finite', [{ name: 'a', kind: 'continuous', low: NaN, high: 1 }]],
    ['centre', [{ ...time, centre: 90 }]],
    ['one-level', [{ name: 'a', kind: 'categorical', levels: ['x'] }]],
    ['level-repeated', [{ name: 'a', kind: 'categorical', levels: ['x', 'x'] }]],
    ['levels-missing', [{ name: 'a', kind: 'discrete' }]],
    ['levels-unordered', [{ name: 'a', kind: 'discrete', levels: [2, 1] }]],
    ['not-finite', [{ name: 'a', kind: 'discrete', levels: [1, NaN] }]],
    ['share', [{ name: 'a', kind: 'mixture', low: 0.2, high: 1.2 }]],
    ['name', [{ ...time, name: 'a:b' }]],
    ['name-taken', [time, time]],
  ];
  it.each(cases)('as factor-%s', (code, factors) => {
    expect(() => checkFactors(factors)).toThrow(Problem);
    expect(() => checkFactors(factors)).toThrow(expect.objectContaining({ kind: 'rule-broken', code: `experiments.factor-${code}` }));
  });

  it('or settings that are not of their factor', () => {
    expect(() => codedRun([time], [NaN])).toThrow(expect.objectContaining({ code: 'experiments.setting-not-a-number' }));
    expect(() => codedRun([time], ['80'])).toThrow(expect.objectContaining({ code: 'experiments.setting-not-a-number' }));
    expect(() => codedRun([time], [])).toThrow(expect.objectContaining({ code: 'experiments.setting-count' }));
    expect(() => coded({ name: 'g', kind: 'categorical', levels: ['x', 'y'] }, 'z')).toThrow(expect.objectContaining({ code: 'experiments.setting-unknown-level' }));
  });
});
