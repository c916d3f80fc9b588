import type { Factor } from '../factors.js';
import { parseTerm, parseTerms, presetTerms } from '../terms.js';
import { separatingRuns } from './added-runs.js';
import { centralComposite } from './central-composite.js';
import { estimability } from './estimable.js';
import { designProperties, fractionOfDesignSpace } from './evaluation.js';
import { aliasMatrix, designLimits } from './limits.js';
import { lostRuns } from './lost-runs.js';
import { oneWayPower, termPowers } from './power.js';
import { fraction, fractionRuns } from './two-level-fraction.js';

const refused = (code: string): Error => expect.objectContaining({ code: `experiments.design-${code}`, kind: 'rule-broken' });
const factors = ['A', 'B', 'C', 'D'].map((name): Factor => ({ name, kind: 'continuous', low: -1, high: 1 }));
const half = fractionRuns(fraction(4, ['D=ABC']));
const linear = presetTerms('linear', factors);
const pair = [parseTerm('A:B', factors), parseTerm('C:D', factors)] as const;

describe('what a design cannot tell', () => {
  it('names aliases with their sign, effects that never vary, and the power at the effect that was named', () => {
    const limits = designLimits(factors, linear, half, { effectOverSigma: 2 });
    expect(limits.aliased).toEqual([['A:B', 'C:D'], ['A:C', 'B:D'], ['A:D', 'B:C']].map(([first, second]) => ({ first, second, correlation: 1 })));
    expect(limits.constant).toEqual(['A^2', 'B^2', 'C^2', 'D^2']);
    expect(limits.powers!.map(({ term }) => term)).toEqual(['A', 'B', 'C', 'D']);
    expect(limits.notEstimable).toEqual([]);
  });

  it('says why a term cannot be estimated, instead of a power', () => {
    const limits = designLimits(factors, [...linear, ...pair], half, { effectOverSigma: 2 });
    expect(limits.notEstimable).toEqual([{ term: 'A:B', why: 'C:D = A:B' }, { term: 'C:D', why: 'C:D = A:B' }]);
    expect([limits.powers, limits.bias]).toEqual([null, null]);
  });

  it('gives the shift by an omitted effect as its alias coefficient', () => {
    const three = factors.slice(0, 3);
    const matrix = aliasMatrix(three, presetTerms('linear', three), parseTerms(['B:C', 'A^2'], three), fractionRuns(fraction(3, ['C=-AB'])));
    expect(matrix).toEqual({ coefficients: ['1', 'A', 'B', 'C'], omitted: ['B:C', 'A^2'], shifts: [[0, 1], [-1, 0], [0, 0], [0, 0]] });
  });

  it('names pairs that are partly aliased, above the threshold only', () => {
    const runs = [...half, [1, 1, -1, 1]];
    expect(designLimits(factors, linear, runs, { effectOverSigma: 2 }).partlyAliased.some(({ first, second }) => first === 'A:B' && second === 'C:D')).toBe(true);
    expect(designLimits(factors, linear, runs, { effectOverSigma: 2, threshold: 0.99 }).partlyAliased).toEqual([]);
  });

  it('has no power without degrees of freedom to estimate the error', () => {
    const saturated = parseTerms(['1', 'A', 'B', 'A:B'], factors.slice(0, 2));
    expect(termPowers(factors.slice(0, 2), saturated, fractionRuns(fraction(2, [])), { effectOverSigma: 2 }).map(({ power }) => power)).toEqual([null, null, null]);
  });

  it('has the power of a comparison of groups for a factor of three levels', () => {
    const grit: Factor[] = [{ name: 'grit', kind: 'categorical', levels: ['fine', 'mid', 'coarse'] }];
    const runs = ['fine', 'mid', 'coarse'].flatMap((level) => Array.from({ length: 5 }, () => [level]));
    const { noncentralityF, power } = oneWayPower(3, 5, { effectOverSigma: 1.5 });
    expect(termPowers(grit, presetTerms('linear', grit), runs, { effectOverSigma: 1.5 })).toEqual([{ term: 'grit', df: 2, noncentrality: expect.closeTo(noncentralityF, 9), power: expect.closeTo(power, 9) }]);
  });

  it.each([[NaN, 0.05, 'effect'], [0, 0.05, 'effect'], [2, 0, 'alpha'], [2, NaN, 'alpha']])('refuses an effect of %p at alpha %p', (effectOverSigma, alpha, code) => {
    expect(() => designLimits(factors, linear, half, { effectOverSigma, alpha })).toThrow(refused(code));
  });
});

describe('added runs', () => {
  it('separate a pair of aliases by one run where one is enough', () => {
    const { added, relativeStandardErrors } = separatingRuns(factors, linear, half, pair);
    expect(added).toHaveLength(1);
    expect(estimability(factors, [...linear, ...pair], [...half, ...added]).notEstimable).toEqual([]);
    expect(relativeStandardErrors.every((error) => error > 0 && error < 3)).toBe(true);
  });

  it('are none where the pair is apart already, and better the estimate when more are asked for', () => {
    expect(separatingRuns(factors, linear, half, [parseTerm('A', factors), parseTerm('B', factors)]).added).toEqual([]);
    const [one, four] = [0, 3].map((spare) => separatingRuns(factors, linear, half, pair, { spare }));
    expect(four!.added).toHaveLength(4);
    expect(four!.relativeStandardErrors[0]).toBeLessThan(one!.relativeStandardErrors[0]);
  });

  it('are refused for a pair that no run can separate, or that is no pair', () => {
    const two: Factor[] = ['A', 'B'].map((name) => ({ name, kind: 'discrete', levels: [0, 1] }));
    expect(() => separatingRuns(two, presetTerms('linear', two), fractionRuns(fraction(2, [])), [parseTerm('A^2', two), parseTerm('B^2', two)])).toThrow(refused('inseparable'));
    expect(() => separatingRuns(factors, linear, half, [pair[0], pair[0]])).toThrow(refused('pair'));
  });
});

describe('lost runs', () => {
  it('of a saturated design take terms with them, and the lost run itself restores all', () => {
    const terms = [...linear, ...parseTerms(['A:B', 'A:C', 'A:D'], factors)];
    const report = lostRuns(factors, terms, half, [3]);
    expect(report).toMatchObject({ runsLeft: 7, rank: 7, parameters: 8, relativeEfficiency: 0, residualDf: 0 });
    expect(report.notEstimable.length).toBeGreaterThan(0);
    expect(report.replacement).toEqual({ settings: half[3], repeats: 3, relativeEfficiency: expect.closeTo(1, 9), rank: 8 });
  });

  it('of a composite leave all estimable, at a price that is named', () => {
    const plane = factors.slice(0, 2);
    const runs = centralComposite({ factors: 2, alpha: 'face-centred', centreInFactorialBlock: 3, centreInAxialBlock: 0 }).runs.map(({ settings }) => settings);
    const report = lostRuns(plane, presetTerms('quadratic', plane), runs, [0]);
    expect(report.notEstimable).toEqual([]);
    expect(report.relativeEfficiency).toBeGreaterThan(0.7);
    expect(report.relativeEfficiency).toBeLessThan(1);
    expect(report.replacement).toMatchObject({ repeats: 0, relativeEfficiency: expect.closeTo(1, 9) });
  });

  it('must be named, once each, and not be all', () => {
    for (const lost of [[], [0, 0], [8], [0.5], [...half.keys()]]) expect(() => lostRuns(factors, linear, half, lost)).toThrow(refused('lost-runs'));
  });
});

describe('design properties', () => {
  it('are those of an orthogonal design', () => {
    expect(designProperties(factors, linear, half)).toMatchObject({ orthogonal: true, dEfficiency: expect.closeTo(1, 12), aEfficiency: expect.closeTo(1, 12), gEfficiency: expect.closeTo(1, 12), residualDf: 3, conditionNumber: expect.closeTo(1, 12) });
  });

  it('of a mixture are taken over its simplex', () => {
    const shares = ['x', 'y', 'z'].map((name): Factor => ({ name, kind: 'mixture' }));
    const properties = designProperties(shares, presetTerms('scheffe-linear', shares), [[1, 0, 0], [0, 1, 0], [0, 0, 1]]);
    // The variance at (x, y, z) is x² + y² + z², whose mean over the simplex is 3 · 2 / (3 · 4).
    expect(properties.averagePredictionVariance).toBeCloseTo(0.5, 12);
    expect(properties.gEfficiency).toBeCloseTo(1, 12);
  });

  it('are refused with more terms than runs, or terms that cannot be told apart', () => {
    expect(() => designProperties(factors, presetTerms('quadratic', factors), half)).toThrow(refused('more-terms-than-runs'));
    expect(() => designProperties(factors, [...linear, ...pair], half)).toThrow(refused('singular'));
    expect(() => designProperties(factors, linear, [[NaN, 0, 0, 0]])).toThrow(expect.objectContaining({ code: 'experiments.setting-not-finite' }));
  });

  it('rise over the fraction of the design space', () => {
    const space = fractionOfDesignSpace(factors, linear, half, { seed: 3 });
    expect(space).toHaveLength(101);
    expect(space.every(({ scaledVariance }, index) => index === 0 || scaledVariance >= space[index - 1]!.scaledVariance)).toBe(true);
    expect(space.at(-1)!.scaledVariance).toBeLessThanOrEqual(5);
  });
});
