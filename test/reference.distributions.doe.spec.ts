import {
  chiSquareUpperTail, fisherCritical, fisherUpperTail, noncentralFisherUpperTail, normalQuantile, studentCritical, studentTwoSided,
} from '../src/experiments/analysis/distributions.js';
import { doeCase, DoeScores } from './support/doe-digits.js';

interface TailCase {
  queries: { id: string; input: Record<string, number>[]; expected: number[] }[];
}

const figures: Record<string, (input: Record<string, number>) => number> = {
  'student t, two-sided p': ({ t, df }) => studentTwoSided(t!, df!),
  'student t, two-sided critical value': ({ alpha, df }) => studentCritical(alpha!, df!),
  'F, upper tail': ({ f, df1, df2 }) => fisherUpperTail(f!, df1!, df2!),
  'F, upper critical value': ({ alpha, df1, df2 }) => fisherCritical(alpha!, df1!, df2!),
  'normal quantile': ({ p }) => normalQuantile(p!),
  'chi-square, upper tail': ({ x, df }) => chiSquareUpperTail(x!, df!),
  'noncentral F, upper tail': ({ f, df1, df2, noncentrality }) => noncentralFisherUpperTail(f!, df1!, df2!, noncentrality!),
};

describe('tails and quantiles of the reference', () => {
  const scores = new DoeScores('distribution-tails');

  it.each(doeCase<TailCase>('distribution-tails').queries)('$id', ({ id, input, expected }) => {
    scores.check(id, input.map(figures[id]!), expected, { floor: 10, goal: 13 });
  });
});
