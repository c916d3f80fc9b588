import type { Factor, Setting } from '../factors.js';
import { SettingRefused } from '../factors.errors.js';
import { predict, predictorOf } from '../prediction/predictor.js';
import { parseTerms, termText } from '../terms.js';
import { AnalysisRefused, FitRefused } from './analysis.errors.js';
import { partialAnova, sequentialAnova } from './anova.js';
import { boxCox } from './box-cox.js';
import { aliases, coefficientTable } from './coefficients.js';
import { diagnostics } from './diagnostics.js';
import { effectsOf, halfNormal, lenth, pareto } from './effects.js';
import { Fit, type FitRequest } from './fit.js';
import { lackOfFit } from './lack-of-fit.js';
import { canonicalAnalysis, steepestAscent } from './response-surface.js';
import { selectTerms } from './selection.js';
import { summary } from './summary.js';
import { transformed } from './transform.js';

const factors: Factor[] = ['A', 'B', 'C'].map((name) => ({ name, kind: 'continuous', low: 10, high: 20 }));
const full: Setting[][] = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => [bits & 1, bits & 2, bits & 4].map((bit) => (bit ? 20 : 10)));
const half = full.filter(([a, b, c]) => (Number(a) + Number(b) + Number(c)) % 20 === 0);
const response = [5.1, 8.9, 4.8, 9.4, 5.3, 9.1, 4.9, 13];

function fitted(terms: string[], changes: Partial<FitRequest> = {}): Fit {
  return new Fit({ factors, terms: parseTerms(terms, factors), runs: full, response, ...changes });
}

/** Every number of an answer, however deep. */
function numbers(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return value && typeof value === 'object' ? Object.values(value).flatMap(numbers) : [];
}

function everything(fit: Fit): unknown[] {
  const effects = effectsOf(fit);
  return [
    coefficientTable(fit), summary(fit), sequentialAnova(fit), partialAnova(fit, 'II'), partialAnova(fit, 'III'), diagnostics(fit), lackOfFit(fit),
    effects, halfNormal(effects), pareto(effects), lenth(effects), canonicalAnalysis(fit), steepestAscent(fit), predict(predictorOf(fit), [[15, 15, 15]]),
  ];
}

describe('a singular model', () => {
  const fit = fitted(['1', 'A', 'B', 'C', 'A:B', 'A:C'], { runs: half, response: response.slice(0, 4) });

  it('is answered with what can be estimated, and with what each other term equals', () => {
    expect(coefficientTable(fit).map(({ term }) => term)).toEqual(['1', 'A', 'B', 'C']);
    expect(aliases(fit)).toEqual([{ term: 'A:B', alias: 'A:B = C' }, { term: 'A:C', alias: 'A:C = B' }]);
  });

  it('predicts only where the aliased terms do what they did in the runs', () => {
    const [known, unknown] = predict(predictorOf(fit), [half[0]!, [10, 10, 10]]);
    expect(known!.mean).toBeCloseTo(response[0]!, 10);
    expect(unknown).toMatchObject({ mean: null, prediction: null, extrapolated: true });
  });

  it('names the factor that never changed', () => {
    const constant = fitted(['1', 'A', 'B'], { runs: full.map(([a, , c]) => [a!, 15, c!]) });
    expect(aliases(constant)).toEqual([{ term: 'B', alias: 'B = 0' }]);
  });
});

describe('no answer holds NaN or infinity', () => {
  it.each([
    ['saturated', fitted(['1', 'A', 'B', 'C', 'A:B', 'A:C', 'B:C', 'A:B:C'].slice(0, 7), { runs: full.slice(0, 7), response: response.slice(0, 7) })],
    ['singular', fitted(['1', 'A', 'B', 'C', 'A:B', 'A:C'], { runs: half, response: response.slice(0, 4) })],
    ['exact', fitted(['1', 'A', 'B'], { response: full.map(([a, b]) => 3 + Number(a) - 2 * Number(b)) })],
    ['of a constant response', fitted(['1', 'A', 'B'], { response: full.map(() => 4) })],
    ['of a response that is 0', fitted(['1', 'A', 'B'], { response: full.map(() => 0) })],
    ['of one run', fitted(['1', 'A'], { runs: full.slice(0, 1), response: [3] })],
    ['with one degree of freedom', fitted(['1', 'A', 'B', 'C', 'A:B', 'A:C', 'B:C'])],
    ['weighted', fitted(['1', 'A', 'B'], { weights: [1, 2, 3, 4, 5, 6, 1e-6, 1e6] })],
  ])('%s', (_, fit) => {
    for (const answer of everything(fit)) expect(numbers(answer).filter((value) => !Number.isFinite(value))).toEqual([]);
  });
});

it('tests nothing where the model goes through every run', () => {
  const exact = fitted(['1', 'A', 'B'], { response: full.map(([a, b]) => 3 + Number(a) / 3 - Number(b) / 7) });
  expect(summary(exact)).toMatchObject({ residual: { df: 5, ss: 0 }, model: { f: null, p: null }, logLik: null });
  expect(coefficientTable(exact)[1]).toMatchObject({ term: 'A', standardError: null, t: null, p: null });
});

describe('bad input is refused by name', () => {
  it.each([
    ['no runs', { runs: [], response: [] }, FitRefused, /no runs/],
    ['a missing response', { response: response.slice(1) }, FitRefused, /8 runs and 7 results/],
    ['NaN', { response: [...response.slice(1), NaN] }, FitRefused, /run 8 is NaN/],
    ['infinity', { response: [...response.slice(1), Infinity] }, FitRefused, /run 8 is Infinity/],
    ['a weight of 0', { weights: [0, 1, 1, 1, 1, 1, 1, 1] }, FitRefused, /weight of run 1/],
    ['text in a number', { runs: [['ten', 10, 10], ...full.slice(1)] }, SettingRefused, /finite numbers/],
    ['a setting that is not finite', { runs: [[Infinity, 10, 10], ...full.slice(1)] }, SettingRefused, /finite numbers/],
  ])('%s', (_, changes, kind, words) => {
    const attempt = (): Fit => fitted(['1', 'A', 'B'], changes);
    expect(attempt).toThrow(kind);
    expect(attempt).toThrow(words);
  });

  it('and so are questions that the fit cannot answer', () => {
    expect(() => boxCox(fitted(['1', 'A'], { response: response.map((value) => value - 6) }))).toThrow(AnalysisRefused);
    expect(() => canonicalAnalysis(fitted(['1', 'A', 'B', 'C', 'A:B:C']))).toThrow(AnalysisRefused);
    expect(() => transformed([1, 0], 'ln')).toThrow(FitRefused);
  });
});

describe('selection by AICc', () => {
  const runs = [...full, ...full];

  it('removes what does not pay, but nothing that a remaining term contains', () => {
    const values = runs.map(([a, b, c], i) => 3 * Number(a) + 0.2 * (Number(b) - 15) * (Number(c) - 15) + ((i * 7) % 5) * 0.4);
    const all = fitted(['1', 'A', 'B', 'C', 'A:B', 'A:C', 'B:C', 'A:B:C'], { runs, response: values });
    const { terms, steps } = selectTerms(all, 'backward');
    expect(terms.map(termText)).toEqual(['1', 'A', 'B', 'C', 'B:C']);
    expect(steps[0]!.action).toBe('start');
    expect(steps.at(-1)!.aicc).toBeCloseTo(summary(new Fit({ ...all.request, terms })).aicc!, 8);
    expect(selectTerms(all, 'stepwise').terms).toEqual(terms);
  });

  it('finds the terms of a saturated fit stepwise, where backward has nothing to judge by', () => {
    const saturated = fitted(['1', 'A', 'B', 'C', 'A:B', 'A:C', 'B:C', 'A:B:C'], { response: full.map(([a], i) => Number(a) + i * 0.001) });
    expect(() => selectTerms(saturated, 'backward')).toThrow(AnalysisRefused);
    expect(selectTerms(saturated, 'stepwise').terms.map(({ parts }) => parts[0]?.factor ?? '1')).toContain('A');
  });
});

it('says on how many digits doubles and double-doubles agree', () => {
  expect(summary(fitted(['1', 'A', 'B'])).certifiedDigits).toBeGreaterThan(12);
  const years: Factor[] = [{ name: 'year', kind: 'continuous', low: 2000, high: 2010 }];
  const request = { factors: years, terms: parseTerms(['1', 'year', 'year^2', 'year^3'], years), runs: full.map((_, i) => [2000 + i]), response };
  const natural = summary(new Fit({ ...request, units: 'natural' }));
  const coded = summary(new Fit(request));
  expect(natural.certifiedDigits).toBeLessThan(coded.certifiedDigits);
  expect(natural.residual.ss).toBeCloseTo(coded.residual.ss, 10);
});
