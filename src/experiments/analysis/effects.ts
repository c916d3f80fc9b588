import { normalQuantile, studentCritical } from './distributions.js';
import { multiply, toNumber } from './double-double.js';
import type { Fit } from './fit.js';

/** The change of the response from low to high: twice the coefficient in coded units. */
export interface Effect {
  term: string;
  effect: number;
  /** Sequential sum of squares of its column. */
  ss: number;
}

/** A point of a half-normal plot: inert effects lie on a line through the origin. Daniel (1959), Technometrics 1, 311. */
export interface HalfNormalPoint extends Effect {
  size: number;
  quantile: number;
}

/** A bar of a Pareto chart, largest first. */
export interface ParetoBar extends Effect {
  size: number;
  /** Of the sum of squares of all effects, up to and with this one. */
  cumulativeShare: number;
}

/** Tests without residual freedom, on the ground that most effects are inert. Lenth (1989), Technometrics 31, 469. */
export interface LenthTest {
  m: number;
  df: number;
  s0: number;
  /** Pseudo standard error of an effect. */
  pse: number;
  /** An effect beyond it is likely real if it was the only one asked about. */
  marginOfError: number;
  /** Beyond it an effect is likely real although all m were looked at. */
  simultaneousMarginOfError: number;
  exceedsMargin: string[];
  exceedsSimultaneous: string[];
}

/** Of every estimated column but the intercept. */
export function effectsOf(fit: Fit): Effect[] {
  return fit.names.flatMap((term, position) => {
    if (term === '1') return [];
    const part = fit.solution.effects.get(position);
    return [{ term, effect: 2 * toNumber(fit.solution.coefficients[position]!), ss: toNumber(multiply(part, part)) }];
  });
}

export function halfNormal(effects: readonly Effect[]): HalfNormalPoint[] {
  const sorted = effects.map((effect) => ({ ...effect, size: Math.abs(effect.effect) })).sort((a, b) => a.size - b.size);
  return sorted.map((effect, i) => ({ ...effect, quantile: normalQuantile(0.5 + (i + 0.5) / (2 * sorted.length)) }));
}

export function pareto(effects: readonly Effect[]): ParetoBar[] {
  const total = effects.reduce((sum, { ss }) => sum + ss, 0);
  let sum = 0;
  return effects
    .map((effect) => ({ ...effect, size: Math.abs(effect.effect) }))
    .sort((a, b) => b.size - a.size)
    .map((effect) => {
      sum += effect.ss;
      return { ...effect, cumulativeShare: total > 0 ? sum / total : 0 };
    });
}

/** Null for fewer than three effects, or where most of them are exactly 0: there is nothing to judge by. */
export function lenth(effects: readonly Effect[], level = 0.95): LenthTest | null {
  const m = effects.length;
  if (m < 3) return null;
  const sizes = effects.map(({ effect }) => Math.abs(effect));
  const s0 = 1.5 * median(sizes);
  const pse = 1.5 * median(sizes.filter((size) => size < 2.5 * s0));
  if (!(pse > 0)) return null;
  const df = m / 3;
  const marginOfError = studentCritical(1 - level, df) * pse;
  // Sidak: each of m at this level, all of them at the one asked for.
  const simultaneousMarginOfError = studentCritical(-Math.expm1(Math.log(level) / m), df) * pse;
  const beyond = (margin: number): string[] => effects.filter((_, i) => sizes[i]! > margin).map(({ term }) => term);
  return {
    m, df, s0, pse, marginOfError, simultaneousMarginOfError,
    exceedsMargin: beyond(marginOfError), exceedsSimultaneous: beyond(simultaneousMarginOfError),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
