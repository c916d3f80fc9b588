import { leastAberration } from './aberration-search.js';
import { aliasStructure, foldOver, wordsAfterFoldOver } from './aliases.js';
import { bestBlockGenerators, blocked } from './blocking.js';
import { minimumAberration, smallestOfResolution } from './minimum-aberration.js';
import { definingRelation, fraction, fractionRuns, wordLengthPattern } from './two-level-fraction.js';
import { wordText } from './words.js';

describe('generators are refused', () => {
  it.each([
    ['generator-main-effect', 3, ['C=A']],
    ['generator-circular', 4, ['D=ABD']],
    ['generators-dependent', 5, ['E=ABC', 'E=ABD']],
    ['resolution-too-low', 6, ['E=ABC', 'F=ABC']],
    ['resolution-too-low', 6, ['E=ABC', 'F=-ABC']],
    ['resolution-too-low', 5, ['D=AB', 'E=AD']],
    ['generator-form', 4, ['D:ABC']],
    ['generator-form', 4, ['']],
    ['generator-order', 6, ['E=AF', 'F=ABC']],
    ['letter-unknown', 4, ['D=ABX']],
    ['letter-unknown', 4, ['D=AI']],
    ['letter-repeated', 4, ['D=AAB']],
    ['runs-too-few', 7, ['C=AB', 'D=AB', 'E=AB', 'F=AB', 'G=AB']],
    ['factor-count', 0, []],
    ['factor-count', 26, []],
    ['factor-count', NaN, []],
    ['too-many-runs', 20, []],
  ])('as design-%s: %p factors, %j', (code, factors, generators) => {
    expect(() => fraction(factors, generators)).toThrow(expect.objectContaining({ code: `experiments.design-${code}` }));
  });
});

describe('a fraction', () => {
  it('may generate a factor from a generated one', () => {
    const chained = fraction(6, ['E=ABC', 'F=DE']);
    expect(definingRelation(chained).map(({ word }) => wordText(word)).sort()).toEqual(['ABCDF', 'ABCE', 'DEF']);
    for (const run of fractionRuns(chained)) expect(run[5]).toBe(run[3]! * run[4]!);
  });

  it('folded over is free of words of odd length, and of one factor of the words that hold it', () => {
    const saturated = fraction(7, ['D=AB', 'E=AC', 'F=BC', 'G=ABC']);
    expect(wordsAfterFoldOver(saturated).every(({ word }) => wordText(word).length % 2 === 0)).toBe(true);
    expect(wordsAfterFoldOver(saturated, [0]).some(({ word }) => wordText(word).includes('A'))).toBe(false);
    expect(foldOver(saturated)[0]).toEqual(fractionRuns(saturated)[0]!.map((level) => -level));
  });

  it('of all combinations has no aliases and no resolution', () => {
    expect(aliasStructure(fraction(3, []))).toMatchObject({ resolution: null, definingWords: [], clearMainEffects: ['A', 'B', 'C'] });
  });
});

describe('the catalogue of least aberration', () => {
  it.each([2, 3, 4, 5])('is what the search finds in 2^%i runs', (base) => {
    for (const [factors, { pattern }] of leastAberration(base, 16, 10)) {
      const kept = wordLengthPattern(minimumAberration(factors, 2 ** base));
      expect(pattern.map((_, index) => kept[index + 1] ?? 0)).toEqual(pattern);
    }
  });

  it('has the known patterns of larger designs', () => {
    expect(wordLengthPattern(minimumAberration(8, 64))).toEqual({ 5: 2, 6: 1 });
    expect(wordLengthPattern(minimumAberration(10, 64))).toMatchObject({ 4: 2, 5: 8, 6: 4 });
    expect(wordLengthPattern(minimumAberration(11, 128))).toMatchObject({ 5: 6, 6: 6 });
  });

  it('gives the smallest design of a resolution', () => {
    expect(smallestOfResolution(5, 5).base).toBe(4);
    expect(smallestOfResolution(8, 5).base).toBe(6);
    expect(smallestOfResolution(11, 5).base).toBe(7);
    expect(smallestOfResolution(7, 3).base).toBe(3);
    expect(smallestOfResolution(3, 5).base).toBe(3);
  });

  it('refuses what no design can hold', () => {
    expect(() => minimumAberration(8, 8)).toThrow(expect.objectContaining({ code: 'experiments.design-runs-too-few' }));
    expect(() => minimumAberration(5, 12)).toThrow(expect.objectContaining({ code: 'experiments.design-run-count' }));
    expect(() => minimumAberration(3, 16)).toThrow(expect.objectContaining({ code: 'experiments.design-run-count' }));
    expect(() => minimumAberration(30, 64)).toThrow(expect.objectContaining({ code: 'experiments.design-factor-count' }));
  });
});

describe('blocks', () => {
  it('cost as few two-factor interactions as possible', () => {
    expect(blocked(fraction(4, []), bestBlockGenerators(fraction(4, []), 2)).confoundedTwoFactorInteractions).toEqual([]);
    expect(blocked(fraction(5, []), bestBlockGenerators(fraction(5, []), 4)).confoundedTwoFactorInteractions).toEqual([]);
    expect(blocked(fraction(4, []), bestBlockGenerators(fraction(4, []), 4)).confoundedTwoFactorInteractions).toHaveLength(1);
  });

  it('are refused where they hide a main effect, depend on each other, or are not a power of two', () => {
    const design = fraction(4, []);
    expect(() => blocked(design, ['A'])).toThrow(expect.objectContaining({ code: 'experiments.design-block-main-effect' }));
    expect(() => blocked(design, ['AB', 'ABC'])).toThrow(expect.objectContaining({ code: 'experiments.design-block-main-effect' }));
    expect(() => blocked(design, ['AB', 'CD', 'ABCD'])).toThrow(expect.objectContaining({ code: 'experiments.design-block-generators-dependent' }));
    expect(() => bestBlockGenerators(design, 3)).toThrow(expect.objectContaining({ code: 'experiments.design-block-count' }));
    expect(() => bestBlockGenerators(design, 16)).toThrow(expect.objectContaining({ code: 'experiments.design-block-size' }));
    expect(() => bestBlockGenerators(fraction(3, ['C=AB']), 2)).toThrow(expect.objectContaining({ code: 'experiments.design-block-main-effect' }));
  });
});
