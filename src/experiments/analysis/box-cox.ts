import { AnalysisRefused } from './analysis.errors.js';
import { normalQuantile } from './distributions.js';
import type { Fit } from './fit.js';
import { PivotedQr } from './pivoted-qr.js';

/** A hint which power of the response the model fits best: 1 none, 0.5 root, 0 logarithm, −1 inverse. */
export interface BoxCox {
  /** The most likely exponent. */
  lambda: number;
  /** Exponents that the data do not speak against; an end is null where it lies beyond ±10. */
  lower: number | null;
  upper: number | null;
  /** Log-likelihoods relative to the best. */
  profile: { lambda: number; relativeLogLikelihood: number }[];
}

const REACH = 10;

/** Profile likelihood of the exponent. Box and Cox (1964), J. R. Stat. Soc. B 26, 211. */
export function boxCox(fit: Fit, lambdas: readonly number[] = [-2, -1, -0.5, 0, 0.5, 1, 2], level = 0.95): BoxCox {
  const likelihood = profileOf(fit);
  const lambda = highest(likelihood);
  const best = likelihood(lambda);
  // Half the quantile of chi-square with one degree of freedom, which is a squared normal.
  const threshold = best - normalQuantile((1 + level) / 2) ** 2 / 2;
  return {
    lambda,
    lower: crossing(likelihood, threshold, lambda, -REACH),
    upper: crossing(likelihood, threshold, lambda, REACH),
    profile: lambdas.map((at) => ({ lambda: at, relativeLogLikelihood: likelihood(at) - best })),
  };
}

function profileOf(fit: Fit): (lambda: number) => number {
  const { response } = fit.request;
  if (!response.every((value) => value > 0)) throw new AnalysisRefused('box-cox', 'Powers of the response need results above 0; add a constant to all of them first.');
  if (fit.df === 0) throw new AnalysisRefused('saturated', 'The model leaves no residual degrees of freedom, so no transform can be judged; drop terms.');
  const qr = new PivotedQr(fit.solution.kept.map((column) => fit.columns[column]!.hi));
  const logs = response.map(Math.log);
  const meanLog = logs.reduce((sum, value) => sum + value, 0) / fit.n;
  return (lambda) => {
    // Relative to the geometric mean, so that powers stay in range.
    const z = logs.map((log, i) => fit.roots[i]!.hi * scaledPower(log - meanLog, lambda));
    return -fit.n / 2 * Math.log(qr.residualSs(qr.effects(Float64Array.from(z))));
  };
}

/** (u^lambda - 1) / lambda of u = e^log, and its limit at 0. */
function scaledPower(log: number, lambda: number): number {
  return Math.abs(lambda) < 1e-12 ? log : Math.expm1(lambda * log) / lambda;
}

/** Golden section; the profile has one peak. Null-slope ends mean that the best lies beyond reach, and the end is answered. */
function highest(f: (x: number) => number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = -REACH;
  let high = REACH;
  while (high - low > 1e-9) {
    const left = high - ratio * (high - low);
    const right = low + ratio * (high - low);
    if (f(left) > f(right)) high = right;
    else low = left;
  }
  return (low + high) / 2;
}

function crossing(f: (x: number) => number, threshold: number, inside: number, outside: number): number | null {
  if (f(outside) > threshold) return null;
  let near = inside;
  let far = outside;
  for (let step = 0; step < 100; step++) {
    const middle = (near + far) / 2;
    if (f(middle) > threshold) near = middle;
    else far = middle;
  }
  return (near + far) / 2;
}
