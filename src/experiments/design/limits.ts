import type { Factor, Settings } from '../factors.js';
import { modelMatrix, modelOf } from '../model-matrix.js';
import { hasCurvature, mainEffect, products, square, type Term, termKey } from '../terms.js';
import { DesignRefused } from './design.errors.js';
import { estimability } from './estimable.js';
import { correlations } from './evaluation.js';
import { columnsOf, informationOf, inner } from './information.js';
import { type TermPower, termPowers } from './power.js';

/** What a design cannot tell, said before it is run. */
export interface DesignLimits {
  /** Effects that are the same in every run, so that nothing can be said about them. */
  constant: string[];
  /** Pairs that vary together in every run: one cannot be told from the other, whatever is measured. */
  aliased: EffectPair[];
  /** Pairs whose correlation lies above the threshold: each biases the other if only one is in the model. */
  partlyAliased: EffectPair[];
  /** Terms of the model that cannot be estimated, and why. */
  notEstimable: { term: string; why: string }[];
  /** How far each omitted effect of size 1 shifts each coefficient of the model; null where the model cannot be estimated. */
  bias: AliasMatrix | null;
  /** Power of each term at the smallest effect worth finding; null where the model cannot be estimated. */
  powers: TermPower[] | null;
}

export interface EffectPair {
  first: string;
  second: string;
  /** −1 to 1. */
  correlation: number;
}

export interface AliasMatrix {
  coefficients: string[];
  omitted: string[];
  /** One row a coefficient, one column an omitted effect. */
  shifts: number[][];
}

export interface LimitOptions {
  effectOverSigma: number;
  alpha?: number;
  /** Effects that could be there besides the model; all products of two factors and all squares unless given. */
  suspected?: readonly Term[];
  /** Absolute correlation above which a pair is named; 0.1 unless given. */
  threshold?: number;
}

/** @param runs Coded settings. */
export function designLimits(factors: readonly Factor[], terms: readonly Term[], runs: readonly Settings[], options: LimitOptions): DesignLimits {
  const { threshold = 0.1, suspected = suspects(factors) } = options;
  if (!(threshold >= 0 && threshold < 1)) throw new DesignRefused('threshold', 'The threshold of correlations is a number from 0 up to 1.');
  const known = new Set(terms.map(termKey));
  const omitted = suspected.filter((term) => !known.has(termKey(term)));
  const { notEstimable } = estimability(factors, terms, runs);
  const { constant, pairs } = related(factors, [...terms, ...omitted], runs);
  return {
    constant,
    aliased: pairs.filter(({ correlation }) => Math.abs(correlation) === 1),
    partlyAliased: pairs.filter(({ correlation }) => Math.abs(correlation) < 1 && Math.abs(correlation) > threshold),
    notEstimable,
    bias: notEstimable.length > 0 ? null : aliasMatrix(factors, terms, omitted, runs),
    powers: notEstimable.length > 0 ? null : termPowers(factors, terms, runs, options),
  };
}

/** (X₁'X₁)⁻¹X₁'X₂ (Box and Wilson 1951, J. R. Stat. Soc. B 13, 1): the expected coefficients are β₁ plus this times β₂. */
export function aliasMatrix(factors: readonly Factor[], terms: readonly Term[], omitted: readonly Term[], runs: readonly Settings[]): AliasMatrix {
  const [model, rest] = [modelOf(factors, terms, 'sum'), modelOf(factors, omitted, 'sum')];
  const x = modelMatrix(model, runs);
  const { inverse: covariances } = informationOf(x, model.columns);
  const [own, others] = [columnsOf(x), columnsOf(modelMatrix(rest, runs))];
  const cross = own.map((a) => others.map((b) => a.reduce((sum, value, run) => sum + value * b[run]!, 0)));
  const shifts = covariances.map((row) => others.map((_, column) => tidy(inner(row, cross.map((values) => values[column]!)))));
  return { coefficients: model.columns.map(({ name }) => name), omitted: rest.columns.map(({ name }) => name), shifts };
}

/** Every product of two factors and every square. */
export function suspects(factors: readonly Factor[]): Term[] {
  const names = factors.map(({ name }) => name);
  return [...names.map(mainEffect), ...products(names, 2), ...factors.filter(hasCurvature).map(({ name }) => square(name))];
}

function related(factors: readonly Factor[], terms: readonly Term[], runs: readonly Settings[]): { constant: string[]; pairs: EffectPair[] } {
  const model = modelOf(factors, terms, 'sum');
  const { columns } = model;
  const own = columns.flatMap(({ parts }, index) => (parts.length === 0 ? [] : [index]));
  const table = correlations(modelMatrix(model, runs));
  const constant = own.filter((index) => table[index]![index] === null).map((index) => columns[index]!.name);
  const pairs = own.flatMap((first, at) => own.slice(at + 1).flatMap((second) => {
    const correlation = table[first]![second];
    const related = correlation !== null && correlation !== undefined && columns[first]!.term !== columns[second]!.term;
    return related ? [{ first: columns[first]!.name, second: columns[second]!.name, correlation }] : [];
  }));
  return { constant, pairs: pairs.sort((a, b) => Math.abs(b.correlation) - Math.abs(a.correlation)) };
}

function tidy(value: number): number {
  return Math.abs(value) < 1e-12 ? 0 : value;
}
