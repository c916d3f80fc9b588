import { studentCritical, studentTwoSided } from './distributions.js';
import { toNumber } from './double-double.js';
import type { Fit } from './fit.js';

/** A row of the coefficient table. What cannot be said is null, never NaN. */
export interface Coefficient {
  /** Name of the column: a term, with the level in brackets for a categorical factor. */
  term: string;
  estimate: number;
  standardError: number | null;
  t: number | null;
  /** Two-sided, of the hypothesis that it is 0. */
  p: number | null;
  lower: number | null;
  upper: number | null;
  /** How far collinearity multiplies its variance; null for the intercept and for models without one. */
  vif: number | null;
}

/** A term, or a column of one, that these runs cannot tell from others. */
export interface Alias {
  term: string;
  /** For example `A:B:C = Block[B2] - 2 D`, or `A^2 = 0`. */
  alias: string;
}

/** Estimates with Student's tests and intervals. Draper and Smith (1998), section 5.1. */
export function coefficientTable(fit: Fit, level = 0.95): Coefficient[] {
  const { variance, df, names } = fit;
  const unscaled = fit.solution.qr.unscaledCovariance();
  const factors = inflationFactors(fit, unscaled);
  return fit.solution.coefficients.map((exact, position) => {
    const estimate = toNumber(exact);
    const row = { term: names[position]!, estimate, vif: factors[position]! };
    if (variance === null) return { ...row, standardError: null, t: null, p: null, lower: null, upper: null };
    const standardError = Math.sqrt(variance * unscaled[position]![position]!);
    const t = estimate / standardError;
    const margin = studentCritical(1 - level, df) * standardError;
    return { ...row, standardError, t, p: studentTwoSided(t, df), lower: estimate - margin, upper: estimate + margin };
  });
}

/** What the fit left out, and the combination of others that each of it equals in these runs. */
export function aliases(fit: Fit): Alias[] {
  const name = (column: number): string => fit.model.columns[column]!.name;
  return fit.solution.aliased.map(({ column, combination }) => ({
    term: name(column),
    alias: `${name(column)} = ${combination.map(({ column: other, factor }, index) => signed(factor, name(other), index === 0)).join(' ') || '0'}`,
  }));
}

/** Variance times centred sum of squares. Marquardt (1970), Technometrics 12, 591. */
function inflationFactors(fit: Fit, unscaled: readonly (readonly number[])[]): (number | null)[] {
  const intercept = fit.names.indexOf('1');
  if (intercept < 0) return fit.names.map(() => null);
  const squared = fit.roots.map(toNumber).map((root) => root * root);
  const total = squared.reduce((sum, weight) => sum + weight, 0);
  return fit.solution.kept.map((column, position) => {
    if (position === intercept) return null;
    const values = Array.from(fit.columns[column]!.hi, (value, i) => value / Math.sqrt(squared[i]!));
    const mean = values.reduce((sum, value, i) => sum + squared[i]! * value, 0) / total;
    return unscaled[position]![position]! * values.reduce((sum, value, i) => sum + squared[i]! * (value - mean) ** 2, 0);
  });
}

function signed(factor: number, name: string, first: boolean): string {
  const size = Math.abs(factor);
  const text = size === 1 ? name : `${Number(size.toPrecision(6))} ${name}`;
  if (first) return factor < 0 ? `-${text}` : text;
  return `${factor < 0 ? '-' : '+'} ${text}`;
}
