import { AnalysisRefused } from '../analysis/analysis.errors.js';
import type { Fit } from '../analysis/fit.js';
import { canonicalAnalysis, inNatural, steepestAscent } from '../analysis/response-surface.js';
import { ridgeAnalysis } from '../analysis/ridge-analysis.js';
import type { RidgeStep, SurfaceFigures } from './figures.js';

const RADII = [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

/** Stationary point, its nature and the ways from the centre. */
export function surfaceFigures(fit: Fit): SurfaceFigures {
  if (fit.request.factors.some(({ kind }) => kind === 'mixture')) throw new AnalysisRefused('mixture', 'Shares of a mixture are bound to each other, so their surface has no free stationary point; look at a contour plot.');
  const coded = fit.request.units !== 'natural';
  return { canonical: canonicalAnalysis(fit), steepestAscent: steepestAscent(fit), ridge: coded ? { maximise: ridge(fit, 'maximize'), minimise: ridge(fit, 'minimize') } : null };
}

function ridge(fit: Fit, goal: 'maximize' | 'minimize'): RidgeStep[] {
  return ridgeAnalysis(fit, goal, RADII).map((step) => ({
    ...step,
    atNatural: Object.fromEntries(Object.entries(step.at).map(([name, value]) => [name, inNatural(fit, name, value)])),
  }));
}
