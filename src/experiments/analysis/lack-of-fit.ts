import { fisherUpperTail } from './distributions.js';
import { add, divide, fromNumber, multiply, subtract, toNumber, ZERO } from './double-double.js';
import type { Fit } from './fit.js';
import { type MeanSquare, meanSquare } from './summary.js';

export interface LackOfFit {
  lackOfFit: MeanSquare;
  pureError: MeanSquare;
  /** Null where runs repeated too seldom, or repeated exactly. */
  f: number | null;
  p: number | null;
}

/**
 * Splits the residuals into what repeated runs differ by and what the model misses. Runs repeat where all settings agree, or
 * those of the named factors. Null where no run is repeated. Draper and Smith (1998), section 2.1.
 */
export function lackOfFit(fit: Fit, by: readonly string[] = fit.request.factors.map(({ name }) => name)): LackOfFit | null {
  const groups = replicates(fit, by);
  const errorDf = fit.n - groups.length;
  if (errorDf === 0) return null;
  const errorSs = toNumber(groups.map((group) => spread(fit, group)).reduce(add, ZERO));
  const pureError = meanSquare(errorDf, errorSs);
  const lack = meanSquare(fit.df - errorDf, fit.df > errorDf ? Math.max(0, fit.solution.residualSs - errorSs) : 0);
  if (lack.ms === null || !pureError.ms) return { lackOfFit: lack, pureError, f: null, p: null };
  const f = lack.ms / pureError.ms;
  return { lackOfFit: lack, pureError, f, p: fisherUpperTail(f, lack.df, errorDf) };
}

/** Indices of the runs that agree in the factors. */
function replicates(fit: Fit, by: readonly string[]): number[][] {
  const chosen = fit.request.factors.flatMap(({ name }, index) => (by.includes(name) ? [index] : []));
  const groups = new Map<string, number[]>();
  fit.request.runs.forEach((run, index) => {
    const key = JSON.stringify(chosen.map((factor) => run[factor]));
    groups.set(key, [...(groups.get(key) ?? []), index]);
  });
  return [...groups.values()];
}

/** Weighted squares about the weighted mean of the group. */
function spread(fit: Fit, group: readonly number[]): ReturnType<typeof add> {
  const weights = group.map((run) => multiply(fit.roots[run]!, fit.roots[run]!));
  const values = group.map((run) => fit.response.get(run));
  const total = weights.reduce(add, ZERO);
  const mean = divide(values.map((value, i) => multiply(weights[i]!, value)).reduce(add, ZERO), total);
  return values
    .map((value, i) => multiply(weights[i]!, squareOf(subtract(value, mean))))
    .reduce(add, fromNumber(0));
}

function squareOf(value: ReturnType<typeof add>): ReturnType<typeof add> {
  return multiply(value, value);
}
