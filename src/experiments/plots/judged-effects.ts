import { studentCritical } from '../analysis/distributions.js';
import { type Effect, lenth } from '../analysis/effects.js';
import type { PlotSource } from './plot-source.js';
import { PlotRefused } from './plots.errors.js';
import { scaleOfFit } from './scale-of-fit.js';
import { figure, percent, withUnit } from './words.js';

/** Effects with what they are held against. */
export interface JudgedEffects {
  /** As they are drawn: in the unit of the response, or divided by their standard errors. */
  readonly effects: readonly Effect[];
  /** The change from low to high, in words. */
  readonly inWords: ReadonlyMap<string, string>;
  readonly measure: { readonly name: string; readonly unit: string | null };
  readonly margins: Margins | null;
  readonly note: string;
}

interface Margins {
  /** What chance alone gives an effect. */
  readonly error: number;
  /** An effect beyond it is likely real if it was the only one asked about. */
  readonly one: number;
  /** Beyond it an effect is likely real although all were looked at. */
  readonly all: number;
}

/** Standard errors closer than this are taken for equal, as they are in orthogonal designs. */
const ALIKE = 1.01;

/**
 * The residuals judge where there are any: effects with the same standard error stay in the unit of the response, others are
 * divided by theirs. Without residuals Lenth's method does.
 */
export function judgedEffects(source: PlotSource, level: number): JudgedEffects {
  const { effects, predictor } = source;
  demandComparable(source);
  const measure = scaleOfFit(source);
  const shared = { inWords: new Map(effects.map(({ term, effect }) => [term, withUnit(effect, measure.unit)])), effects };
  const size = { name: 'Size of effect', unit: measure.unit };
  const errors = effects.flatMap(({ standardError }) => (standardError === null ? [] : [standardError]));
  if (errors.length < effects.length) return { ...shared, measure: size, ...byLenth(effects, level) };
  const [one, all] = [studentCritical(1 - level, predictor.df), studentCritical(eachOf(effects.length, level), predictor.df)];
  const note = `Margins at ${percent(level)}, by the residuals with ${predictor.df} degrees of freedom: ME for one effect, SME for all at once`;
  const error = Math.max(...errors);
  if (error / Math.min(...errors) < ALIKE) return { ...shared, measure: size, margins: { error, one: one * error, all: all * error }, note };
  const divided = effects.map((each) => ({ ...each, effect: each.effect / each.standardError! }));
  return { ...shared, effects: divided, measure: { name: 'Size of effect in standard errors (|t|)', unit: null }, margins: { error: 1, one, all }, note };
}

function byLenth(effects: readonly Effect[], level: number): Pick<JudgedEffects, 'margins' | 'note'> {
  const test = lenth(effects, level);
  if (!test) return { margins: null, note: effects.length < 3 ? "No margins: Lenth's method needs three effects or more" : 'No margins: most effects are exactly 0, so there is nothing to judge by' };
  const { pse: error, marginOfError: one, simultaneousMarginOfError: all } = test;
  const largest = Math.max(...effects.map(({ effect }) => Math.abs(effect)));
  return { margins: { error, one, all }, note: `Lenth's margins at ${percent(level)}: ME for one effect, SME${all > largest * 1.1 ? ` (${figure(all, 3)})` : ''} for all at once` };
}

/** Sidak: each of them at this level, all of them at the one asked for. */
function eachOf(count: number, level: number): number {
  return -Math.expm1(Math.log(level) / count);
}

/** Coefficients can be compared as effects where all factors are coded from −1 to +1. */
function demandComparable({ effects, predictor, factors }: PlotSource): void {
  if (factors.some(({ kind }) => kind === 'mixture')) throw new PlotRefused('mixture', 'Shares of a mixture have no effects from low to high; look at main-effects or a contour.');
  if (predictor.spec.units === 'natural') throw new PlotRefused('natural-units', 'In natural units effects cannot be compared with each other; fit the model in coded units.');
  if (effects.length === 0) throw new PlotRefused('no-effects', 'The model has no term beside the intercept, hence no effects.');
}
