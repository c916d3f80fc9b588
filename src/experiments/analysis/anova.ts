import type { Term } from '../terms.js';
import { AnalysisRefused } from './analysis.errors.js';
import { add, type DoubleDouble, multiply, subtract, toNumber, ZERO } from './double-double.js';
import { DoubleDoubleQr } from './double-double-qr.js';
import { DoubleDoubleVector } from './double-double-vector.js';
import { Fit } from './fit.js';
import { tested, type TestedMeanSquare } from './summary.js';

export interface AnovaLine extends TestedMeanSquare {
  /** The term, or the name of a group of terms that are tested together. */
  source: string;
}

/** Terms, by their positions in the model, that are tested together. */
export interface TermGroup {
  source: string;
  terms: readonly number[];
}

/** Type I: what each term adds to those before it. Without groups every term but the intercept is a line. */
export function sequentialAnova(fit: Fit, groups: readonly TermGroup[] = eachTerm(fit)): AnovaLine[] {
  // Without an intercept the constant lies hidden in the first group, and is no effect.
  let hidden = fit.hasConstant && !hasIntercept(fit);
  return groups.flatMap(({ source, terms }) => {
    const positions = terms.flatMap((term) => fit.positionsOf(term));
    if (positions.length === 0) return [];
    const ss = sumOfSquares(fit, positions);
    const line = hidden ? tested(fit, positions.length - 1, Math.max(0, toNumber(subtract(ss, fit.correction)))) : tested(fit, positions.length, toNumber(ss));
    hidden = false;
    return [{ source, ...line }];
  });
}

/**
 * Type II: what each term adds to all terms that do not contain it. Type III: what it adds to all others; with categorical
 * factors it needs a fit with sum-to-zero contrasts. Both are named as in SAS; Searle (1987), "Linear models for unbalanced data".
 */
export function partialAnova(fit: Fit, type: 'II' | 'III'): AnovaLine[] {
  const judged = type === 'III' ? withSumContrasts(fit) : fit;
  return eachTerm(judged).flatMap(({ source, terms }) => {
    const positions = judged.positionsOf(terms[0]!);
    if (positions.length === 0) return [];
    const others = othersFor(judged, terms[0]!, type);
    return [{ source, ...tested(judged, positions.length, addedSs(judged, others, positions)) }];
  });
}

/** The sum of squares that columns add to others, from the triangle of the fit: p rows instead of n. */
function addedSs(fit: Fit, others: readonly number[], added: readonly number[]): number {
  const { qr, effects } = fit.solution;
  const chosen = [...others, ...added];
  const small = new DoubleDoubleQr(chosen.map((position) => qr.triangleColumn(position)));
  const rotated = small.effects(head(effects, fit.p));
  return toNumber(rotated.dot(rotated, others.length, chosen.length));
}

function othersFor(fit: Fit, term: number, type: 'II' | 'III'): number[] {
  return fit.request.terms.flatMap((other, index) =>
    index === term || (type === 'II' && contains(other, fit.request.terms[term]!)) ? [] : fit.positionsOf(index),
  );
}

/** Whether a term is the other one times something. */
export function contains(larger: Term, smaller: Term): boolean {
  return smaller.parts.every(({ factor, power }) => larger.parts.some((part) => part.factor === factor && part.power >= power));
}

function withSumContrasts(fit: Fit): Fit {
  const categorical = fit.request.factors.some(({ kind }) => kind === 'categorical');
  if (!categorical || fit.request.contrasts === 'sum') return fit;
  if (fit.solution.aliased.length > 0) {
    throw new AnalysisRefused('aliased', 'Type III sums of squares need a model whose terms can all be estimated; leave out the aliased ones or ask for type II.');
  }
  return new Fit({ ...fit.request, contrasts: 'sum' });
}

function eachTerm(fit: Fit): TermGroup[] {
  return fit.request.terms.flatMap((term, index) => (term.parts.length === 0 ? [] : [{ source: fit.termName(index), terms: [index] }]));
}

function hasIntercept(fit: Fit): boolean {
  return fit.request.terms.some(({ parts }) => parts.length === 0);
}

function sumOfSquares(fit: Fit, positions: readonly number[]): DoubleDouble {
  return positions.map((position) => fit.solution.effects.get(position)).reduce((sum, effect) => add(sum, multiply(effect, effect)), ZERO);
}

function head(vector: DoubleDoubleVector, length: number): DoubleDoubleVector {
  return DoubleDoubleVector.of(Array.from({ length }, (_, i) => vector.get(i)));
}
