import { type Direction, expectedImprovement, probabilityWithin } from './acquisition.js';
import { type Belief, GaussianProcess, type GaussianProcessSpec } from './gaussian-process.js';
import { PredictionRefused } from './prediction.errors.js';
import { type Bounds, maximize } from './search.js';

/** Another response that must keep within limits wherever the next run is made. */
export interface ResponseLimit {
  process: GaussianProcessSpec;
  low?: number;
  high?: number;
}

/** Plain data: the search may run in a worker thread. */
export interface NextRunRequest {
  process: GaussianProcessSpec;
  direction: Direction;
  /** In coded units, one pair a factor. */
  bounds: Bounds;
  seed: number;
  limits?: readonly ResponseLimit[];
  /** In coded units, the values that a factor may take; null or absent where it may take any. */
  levels?: readonly (readonly number[] | null)[];
  /** Searches only these points where given. */
  candidates?: readonly (readonly number[])[];
}

export interface NextRun {
  /** In coded units. */
  at: number[];
  /** Expected gain on the best run so far, times the probability that all limits are kept. */
  expectedImprovement: number;
  probabilityWithinLimits: number;
  /** What is expected of the response there. */
  belief: Belief;
  /** The best result so far of a run that kept the limits; null where no run did, and the search is for one that does. */
  best: number | null;
}

/** Where the next run is expected to gain most: constrained expected improvement. Gardner et al. (2014), Proc. ICML 32, 937, eq. 9. */
export function suggestNextRun(request: NextRunRequest, onProgress?: (share: number) => void): NextRun {
  check(request);
  const process = new GaussianProcess(request.process);
  const limits = (request.limits ?? []).map((limit) => ({ limit, process: new GaussianProcess(limit.process) }));
  const within = (at: readonly number[]): number => limits.reduce((product, { limit, process: other }) => product * probabilityWithin(other.at(at), limit), 1);
  const best = bestSoFar(request);
  const gain = (at: readonly number[]): number => (best === null ? 1 : expectedImprovement(process.at(at), best, request.direction));
  const value = (at: readonly number[]): number => within(at) * gain(at);
  const at = request.candidates ? bestOf(request.candidates, value) : searched(request, value, onProgress);
  return { at, expectedImprovement: value(at), probabilityWithinLimits: within(at), belief: process.at(at), best };
}

function searched({ bounds, levels = [], seed, process, direction }: NextRunRequest, value: (at: readonly number[]) => number, onProgress?: (share: number) => void): number[] {
  const snapped = (at: readonly number[]): number[] => at.map((coordinate, k) => nearest(levels[k], coordinate));
  // The best run is a good place to start from: its surroundings are where most is gained late in a search.
  const order = process.y.map((_, i) => i).sort((i, j) => (direction === 'maximize' ? process.y[j]! - process.y[i]! : process.y[i]! - process.y[j]!));
  const first = order.slice(0, 2).map((i) => process.x[i]!.map((coordinate, k) => Math.min(bounds[k]![1], Math.max(bounds[k]![0], coordinate))));
  return snapped(maximize((at) => value(snapped(at)), bounds, { samples: 400, starts: 5, seed, ...(onProgress ? { onProgress } : {}) }, first).at);
}

function nearest(levels: readonly number[] | null | undefined, coordinate: number): number {
  return levels ? levels.reduce((best, level) => (Math.abs(level - coordinate) < Math.abs(best - coordinate) ? level : best)) : coordinate;
}

function bestOf(candidates: readonly (readonly number[])[], value: (at: readonly number[]) => number): number[] {
  return [...candidates.reduce((best, one) => (value(one) > value(best) ? one : best))];
}

function bestSoFar({ process, direction, limits = [] }: NextRunRequest): number | null {
  const kept = process.y.filter((_, i) => limits.every(({ process: other, low = -Infinity, high = Infinity }) => other.y[i]! >= low && other.y[i]! <= high));
  if (kept.length === 0) return null;
  return direction === 'maximize' ? Math.max(...kept) : Math.min(...kept);
}

function check({ process, bounds, limits = [], candidates }: NextRunRequest): void {
  if (bounds.length !== process.lengthScales.length) throw new PredictionRefused('count', 'Give one pair of bounds for each factor.');
  if (!bounds.every(([low, high]) => Number.isFinite(low) && Number.isFinite(high) && low < high)) throw new PredictionRefused('region', 'Bounds must be two rising numbers each.');
  if (limits.some(({ process: other }) => other.y.length !== process.y.length)) throw new PredictionRefused('count', 'A limited response must be measured in the same runs.');
  if (candidates?.length === 0) throw new PredictionRefused('no-candidates', 'Give at least one candidate, or none to search the whole region.');
}
