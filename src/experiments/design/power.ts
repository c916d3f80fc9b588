import { inverse, Matrix } from 'ml-matrix';
import { fisherCritical, noncentralFisherUpperTail } from '../analysis/distributions.js';
import { categoryLevels, type Factor, type Settings } from '../factors.js';
import { contrastValue, type FactoredColumn, modelMatrix, modelOf } from '../model-matrix.js';
import { type Term, termText } from '../terms.js';
import { DesignRefused } from './design.errors.js';
import { informationOf } from './information.js';

/** The chance that a test finds an effect of the size that was named, if it is there. */
export interface TermPower {
  term: string;
  /** Degrees of freedom of the term; 1 but for categorical factors of more than two levels. */
  df: number;
  noncentrality: number;
  /** 0 to 1; null where no degrees of freedom are left to estimate the error, so that nothing can be tested. */
  power: number | null;
}

export interface PowerOptions {
  /** Smallest effect worth finding, in standard deviations of a single result: see `termPowers`. */
  effectOverSigma: number;
  /** Chance of a false alarm; 0.05 unless given. */
  alpha?: number;
}

/**
 * Power of the F test (for one degree of freedom the two-sided t test) of each term but the intercept, in a model with all the
 * terms. The effect is the change of the mean response between the low and the high level: a coefficient of half the effect
 * for main effects and products, of the whole effect for even powers, which is the rise from the centre to the edge. Of a
 * categorical factor two levels differ by it and the others lie between (Cohen 1988, § 8.2, the least favourable case).
 * @param runs Coded settings. Throws `DesignRefused` where the runs cannot estimate the terms.
 */
export function termPowers(factors: readonly Factor[], terms: readonly Term[], runs: readonly Settings[], options: PowerOptions): TermPower[] {
  const { effectOverSigma, alpha = 0.05 } = options;
  checkEffect(effectOverSigma, alpha);
  const model = modelOf(factors, terms, 'sum');
  const { inverse: covariances } = informationOf(modelMatrix(model, runs), model.columns);
  const residualDf = runs.length - model.columns.length;
  return terms.flatMap((term, index) => {
    if (term.parts.length === 0) return [];
    const own = [...model.columns.keys()].filter((column) => model.columns[column]!.term === index);
    const covariance = own.map((row) => own.map((column) => covariances[row]![column]!));
    const noncentrality = leastNoncentrality(factors, own.map((column) => model.columns[column]!), covariance, effectOverSigma);
    return [{ term: termText(term), df: own.length, noncentrality, power: testPower(own.length, residualDf, noncentrality, alpha) }];
  });
}

/** Power of a two-level effect in an orthogonal design: noncentrality of t is effect/2 · √runs. */
export function twoLevelPower(runs: number, parameters: number, { effectOverSigma, alpha = 0.05 }: PowerOptions): { residualDf: number; noncentralityT: number; power: number | null } {
  checkEffect(effectOverSigma, alpha);
  const residualDf = runs - parameters;
  const noncentralityT = (effectOverSigma / 2) * Math.sqrt(runs);
  return { residualDf, noncentralityT, power: testPower(1, residualDf, noncentralityT ** 2, alpha) };
}

/** Power of the comparison of group means where the two outer ones differ by the range: noncentrality is perGroup · range² / 2. */
export function oneWayPower(groups: number, perGroup: number, { effectOverSigma: range, alpha = 0.05 }: PowerOptions): { noncentralityF: number; criticalF: number; power: number } {
  checkEffect(range, alpha);
  if (!Number.isInteger(groups) || groups < 2 || !Number.isInteger(perGroup) || perGroup < 2) throw new DesignRefused('count', 'Compare at least two groups of at least two runs each.');
  const noncentralityF = (perGroup * range ** 2) / 2;
  const [df1, df2] = [groups - 1, groups * (perGroup - 1)];
  return { noncentralityF, criticalF: fisherCritical(alpha, df1, df2), power: testPower(df1, df2, noncentralityF, alpha)! };
}

/** Beyond this the power is 1 to all digits, and the sum that gives it would take long. */
const CERTAIN = 1e4;

function testPower(df1: number, df2: number, noncentrality: number, alpha: number): number | null {
  if (df2 < 1) return null;
  if (noncentrality > CERTAIN && df2 > 2) return 1;
  return Math.min(1, noncentralFisherUpperTail(fisherCritical(alpha, df1, df2), df1, df2, Math.min(noncentrality, CERTAIN)));
}

/** β' C⁻¹ β for the least favourable coefficients β of the given size. */
function leastNoncentrality(factors: readonly Factor[], columns: readonly FactoredColumn[], covariance: readonly (readonly number[])[], effect: number): number {
  const precision = inverse(new Matrix(covariance)).to2DArray();
  return Math.min(...leastFavourable(factors, columns, effect).map((beta) => beta.reduce((sum, b, i) => sum + b * beta.reduce((inner, c, j) => inner + precision[i]![j]! * c, 0), 0)));
}

function leastFavourable(factors: readonly Factor[], columns: readonly FactoredColumn[], effect: number): number[][] {
  const [first] = columns;
  const size = first!.parts.every(({ power }) => power % 2 === 0) ? effect : effect / 2;
  if (columns.length === 1) return [[size]];
  const factor = factors.find(({ name }) => name === first!.parts[0]!.factor)!;
  if (first!.parts.length === 1) return levelPairs(factor, columns, effect);
  return columns.map((_, index) => columns.map((__, other) => (other === index ? size : 0)));
}

/** Means of +effect/2 and −effect/2 at two levels and 0 at the others, as sum contrasts: these are the means themselves. */
function levelPairs(factor: Factor, columns: readonly FactoredColumn[], effect: number): number[][] {
  const levels = categoryLevels(factor);
  const pairs = levels.flatMap((high, index) => levels.slice(index + 1).map((low) => [high, low]));
  return pairs.map(([high, low]) => columns.map(({ parts }) => (contrastValue(levels, parts[0]!.level!, high!, 'treatment') - contrastValue(levels, parts[0]!.level!, low!, 'treatment')) * (effect / 2)));
}

function checkEffect(effect: number, alpha: number): void {
  if (!Number.isFinite(effect) || effect <= 0) throw new DesignRefused('effect', 'Name the smallest effect worth finding as a number above 0, in standard deviations of a single result.');
  if (!(alpha > 0 && alpha < 1)) throw new DesignRefused('alpha', 'Alpha is the chance of a false alarm: a number between 0 and 1, such as 0.05.');
}
