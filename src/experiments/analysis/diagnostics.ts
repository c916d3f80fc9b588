import { subtract, toNumber } from './double-double.js';
import type { Fit } from './fit.js';

/** What a run tells about the fit and the fit about a run. Null where it is not defined: no residual freedom, or leverage 1. */
export interface RunDiagnostics {
  fitted: number;
  residual: number;
  /** Between 0 and 1: how far the run alone decides its own fitted value. */
  leverage: number;
  /** Internally studentised: residual over its standard error. */
  standardized: number | null;
  /** Externally studentised: with the standard error from the other runs. */
  studentized: number | null;
  cooksD: number | null;
}

/** A run with more leverage than this is fitted by itself alone, and its residual is rounding. */
const FULL = 1 - 1e-10;

/** Cook and Weisberg (1982), "Residuals and influence in regression", sections 2.2 and 3.2. */
export function diagnostics(fit: Fit): RunDiagnostics[] {
  const leverages = fit.solution.qr.leverages().map(toNumber);
  return leverages.map((leverage, i) => {
    const weighted = fit.solution.residuals.get(i);
    const root = toNumber(fit.roots[i]!);
    const residual = toNumber(weighted) / root;
    const fitted = fit.request.weights ? toNumber(fit.response.get(i)) - residual : toNumber(subtract(fit.response.get(i), weighted));
    return { fitted, residual, leverage, ...influence(fit, toNumber(weighted), leverage) };
  });
}

function influence(fit: Fit, residual: number, leverage: number): Pick<RunDiagnostics, 'standardized' | 'studentized' | 'cooksD'> {
  if (fit.variance === null || leverage > FULL) return { standardized: null, studentized: null, cooksD: null };
  const standardized = residual / Math.sqrt(fit.variance * (1 - leverage));
  const rest = fit.df - standardized ** 2;
  const studentized = fit.df > 1 && rest > 1e-10 * fit.df ? standardized * Math.sqrt((fit.df - 1) / rest) : null;
  return { standardized, studentized, cooksD: standardized ** 2 * leverage / ((1 - leverage) * fit.p) };
}
