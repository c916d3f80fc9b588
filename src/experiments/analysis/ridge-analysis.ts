import type { Fit } from './fit.js';
import { eigen, named, type ResponseSurface, responseSurface, valueAt } from './response-surface.js';

export interface RidgePoint {
  /** Distance from the centre in the units of the model. */
  radius: number;
  at: Record<string, number>;
  predicted: number;
}

/**
 * The best predicted response on spheres about the centre: where the stationary point is a saddle or lies far out, this is the
 * path to follow. Hoerl (1959), Chem. Eng. Progress 55, 69; Draper (1963), Technometrics 5, 469.
 */
export function ridgeAnalysis(fit: Fit, goal: 'maximize' | 'minimize', radii: readonly number[]): RidgePoint[] {
  const surface = responseSurface(fit);
  const sign = goal === 'maximize' ? 1 : -1;
  const turned = {
    ...surface,
    slopes: surface.slopes.map((value) => sign * value),
    curvature: surface.curvature.map((row) => row.map((value) => sign * value)),
  };
  return radii.map((radius) => {
    const at = highestOnSphere(turned, radius);
    return { radius, at: named(surface.factors, at), predicted: valueAt(surface, at) };
  });
}

/** Solves (mu - B) x = b / 2 with |x| = radius and mu above every eigenvalue of B: there the stationary point is the maximum. */
function highestOnSphere(surface: ResponseSurface, radius: number): number[] {
  if (radius === 0) return surface.slopes.map(() => 0);
  const { eigenvalues, eigenvectors } = eigen(surface);
  const halves = eigenvectors.map((vector) => vector.reduce((sum, value, i) => sum + value * surface.slopes[i]!, 0) / 2);
  const distance = (gap: number): number => Math.hypot(...halves.map((half, k) => half / (eigenvalues[0]! - eigenvalues[k]! + gap)));
  const gap = solveFalling(distance, radius, Math.hypot(...halves) / radius);
  const along = halves.map((half, k) => half / (eigenvalues[0]! - eigenvalues[k]! + gap || Infinity));
  // Without slope along the steepest axis both directions of it are as good: the first is taken.
  const missing = radius ** 2 - along.reduce((sum, value) => sum + value ** 2, 0);
  if (missing > 1e-9 * radius ** 2) along[0] = Math.sqrt(missing);
  return surface.slopes.map((_, i) => eigenvectors.reduce((sum, vector, k) => sum + along[k]! * vector[i]!, 0));
}

/** The argument between 0 and `upper` at which a falling function takes the value; 0 if it never gets so high. */
function solveFalling(f: (x: number) => number, value: number, upper: number): number {
  let low = 0;
  let high = upper;
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (f(middle) > value) low = middle;
    else high = middle;
  }
  return high;
}
