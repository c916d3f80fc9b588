import { normalDensity, normalUpperTail } from '../analysis/distributions.js';
import type { Belief } from './gaussian-process.js';

export type Direction = 'maximize' | 'minimize';

/** How much a run is expected to gain on the best so far; `margin` is a gain too small to count. Jones, Schonlau and Welch (1998), J. Global Optimization 13, 455, eq. 15. */
export function expectedImprovement({ mean, sd }: Belief, best: number, direction: Direction, margin = 0): number {
  const gain = gainOf(mean, best, direction, margin);
  if (sd === 0) return Math.max(0, gain);
  const z = gain / sd;
  // For z far below 0 the two parts cancel: their difference is taken from the series of Mills' ratio.
  return z < -25 ? sd * normalDensity(z) / (z * z) * (1 - 3 / (z * z) + 15 / z ** 4 - 105 / z ** 6 + 945 / z ** 8 - 10395 / z ** 10) : gain * normalUpperTail(-z) + sd * normalDensity(z);
}

/** Kushner (1964), J. Basic Engineering 86, 97. */
export function probabilityOfImprovement({ mean, sd }: Belief, best: number, direction: Direction, margin = 0): number {
  const gain = gainOf(mean, best, direction, margin);
  if (sd === 0) return gain > 0 ? 1 : 0;
  return normalUpperTail(-gain / sd);
}

/** The mean plus (minus, when minimising) kappa standard deviations. Srinivas et al. (2012), IEEE Trans. Inf. Theory 58, 3250. */
export function confidenceBound({ mean, sd }: Belief, kappa: number, direction: Direction): number {
  return direction === 'maximize' ? mean + kappa * sd : mean - kappa * sd;
}

/** That a response keeps within its limits. Schonlau, Welch and Jones (1998), IMS Lecture Notes 34, 11, section 4. */
export function probabilityWithin({ mean, sd }: Belief, limits: { low?: number; high?: number }): number {
  const { low = -Infinity, high = Infinity } = limits;
  if (sd === 0) return mean >= low && mean <= high ? 1 : 0;
  const below = low === -Infinity ? 0 : normalUpperTail((mean - low) / sd);
  const above = high === Infinity ? 0 : normalUpperTail((high - mean) / sd);
  return Math.max(0, 1 - below - above);
}

function gainOf(mean: number, best: number, direction: Direction, margin: number): number {
  return (direction === 'maximize' ? mean - best : best - mean) - margin;
}
