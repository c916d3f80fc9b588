import { fisherUpperTail } from './distributions.js';
import { toNumber } from './double-double.js';
import type { Fit } from './fit.js';

/** One line of an analysis of variance. */
export interface MeanSquare {
  df: number;
  ss: number;
  /** Null where there are no degrees of freedom. */
  ms: number | null;
}

export interface TestedMeanSquare extends MeanSquare {
  /** Against the residual mean square; null where that has no degrees of freedom or is 0. */
  f: number | null;
  p: number | null;
}

/** How well the model as a whole does. */
export interface FitSummary {
  n: number;
  parameters: number;
  residual: MeanSquare & { sd: number | null };
  /** About the mean if `corrected`: the model holds the constant. */
  total: { df: number; ss: number; corrected: boolean };
  model: TestedMeanSquare;
  r2: number | null;
  adjR2: number | null;
  /** Sum of squared leave-one-out residuals; null where a run is fitted by itself alone (leverage 1). */
  press: number | null;
  /** 1 − press / total. */
  predR2: number | null;
  logLik: number | null;
  aic: number | null;
  aicc: number | null;
  bic: number | null;
  /** Decimal digits on which double and double-double arithmetic agree; the figures are those of the latter. */
  certifiedDigits: number;
}

export function summary(fit: Fit): FitSummary {
  const { residualSs, residualDf, certifiedDigits } = fit.solution;
  const totalDf = fit.n - (fit.hasConstant ? 1 : 0);
  const modelDf = totalDf - residualDf;
  const r2 = fit.totalSs > 0 ? fit.modelSs / fit.totalSs : null;
  const press = pressOf(fit);
  return {
    n: fit.n,
    parameters: fit.p,
    residual: { ...meanSquare(residualDf, residualSs), sd: residualDf > 0 ? Math.sqrt(residualSs / residualDf) : null },
    total: { df: totalDf, ss: fit.totalSs, corrected: fit.hasConstant },
    model: tested(fit, modelDf, fit.modelSs),
    r2,
    adjR2: r2 !== null && residualDf > 0 ? 1 - (residualSs / residualDf) / (fit.totalSs / totalDf) : null,
    press,
    predR2: press !== null && fit.totalSs > 0 ? 1 - press / fit.totalSs : null,
    ...information(fit),
    certifiedDigits,
  };
}

export function meanSquare(df: number, ss: number): MeanSquare {
  return { df, ss, ms: df > 0 ? ss / df : null };
}

/** The F test against the residual mean square. */
export function tested(fit: Fit, df: number, ss: number): TestedMeanSquare {
  const line = meanSquare(df, ss);
  if (line.ms === null || fit.variance === null) return { ...line, f: null, p: null };
  const f = line.ms / fit.variance;
  return { ...line, f, p: fisherUpperTail(f, df, fit.df) };
}

/**
 * Log-likelihood of a Gaussian model at its maximum, the variance counted as a parameter. Burnham and Anderson (2002), sections
 * 2.2 and 2.4. Null for models without residuals, whose likelihood has no bound; `aicc` also where n is too small for it.
 */
export function informationCriteria(n: number, p: number, residualSs: number, logWeights = 0): Pick<FitSummary, 'logLik' | 'aic' | 'aicc' | 'bic'> {
  if (residualSs <= 0 || n <= p) return { logLik: null, aic: null, aicc: null, bic: null };
  const logLik = (logWeights - n * (Math.log(2 * Math.PI) + Math.log(residualSs / n) + 1)) / 2;
  const parameters = p + 1;
  const aic = 2 * parameters - 2 * logLik;
  const rest = n - parameters - 1;
  return { logLik, aic, aicc: rest > 0 ? aic + 2 * parameters * (parameters + 1) / rest : null, bic: Math.log(n) * parameters - 2 * logLik };
}

function information(fit: Fit): Pick<FitSummary, 'logLik' | 'aic' | 'aicc' | 'bic'> {
  const logWeights = fit.request.weights?.reduce((sum, weight) => sum + Math.log(weight), 0) ?? 0;
  return informationCriteria(fit.n, fit.p, fit.solution.residualSs, logWeights);
}

/** Allen (1974), Technometrics 16, 125: residuals as if each run had been left out. */
function pressOf(fit: Fit): number | null {
  let sum = 0;
  for (const [i, leverage] of fit.solution.qr.leverages().entries()) {
    const rest = 1 - leverage.hi - leverage.lo;
    if (rest < 1e-10) return null;
    sum += (toNumber(fit.solution.residuals.get(i)) / rest) ** 2;
  }
  return sum;
}
