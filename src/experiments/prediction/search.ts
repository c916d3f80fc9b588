import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A box in which a search may look; the ends of each axis are different. */
export type Bounds = readonly (readonly [low: number, high: number])[];

export interface Optimum {
  at: number[];
  value: number;
}

export interface SearchOptions {
  /** Number of random points of which the best become starting points. */
  samples: number;
  /** Number of local searches. */
  starts: number;
  seed: number;
  /** Called after every local search with the share that is done; a long search is stopped by throwing from it. */
  onProgress?: (share: number) => void;
}

/** Numbers from 0 to 1, the same again for the same seed. */
export function seededRandom(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

/** The largest value of a function in a box: local searches from the best of many points. `first` are points to try in any case. */
export function maximize(f: (at: readonly number[]) => number, bounds: Bounds, options: SearchOptions, first: readonly (readonly number[])[] = []): Optimum {
  const random = seededRandom(options.seed);
  const points = [...first, ...Array.from({ length: options.samples }, () => bounds.map(([low, high]) => low + random() * (high - low)))];
  const ranked = points.map((at) => ({ at: [...at], value: f(at) })).sort((a, b) => b.value - a.value);
  let best = ranked[0]!;
  const starts = ranked.slice(0, options.starts);
  starts.forEach((start, index) => {
    const found = climb(f, bounds, start);
    if (found.value > best.value) best = found;
    options.onProgress?.((index + 1) / starts.length);
  });
  return best;
}

/** Restarts from where it ended until that gains nothing: simplexes that collapsed against a bound open up again. */
function climb(f: (at: readonly number[]) => number, bounds: Bounds, start: Optimum): Optimum {
  let best = start;
  for (const size of [0.1, 0.01]) {
    const found = simplexSearch(f, bounds, best, size);
    if (found.value > best.value) best = found;
  }
  return best;
}

/** Nelder and Mead (1965), Computer Journal 7, 308, with points outside the box moved onto its side. */
function simplexSearch(f: (at: readonly number[]) => number, bounds: Bounds, start: Optimum, size: number): Optimum {
  const inside = (at: readonly number[]): number[] => at.map((value, i) => Math.min(bounds[i]![1], Math.max(bounds[i]![0], value)));
  const tried = (at: readonly number[]): Optimum => {
    const point = inside(at);
    return { at: point, value: f(point) };
  };
  let simplex = [start, ...bounds.map((_, axis) => tried(stepped(start.at, axis, bounds, size)))];
  for (let step = 0; step < 200 * bounds.length; step++) {
    simplex.sort((a, b) => b.value - a.value);
    if (collapsed(simplex, bounds)) break;
    simplex = improved(simplex, tried);
  }
  return simplex.reduce((a, b) => (b.value > a.value ? b : a));
}

function improved(simplex: readonly Optimum[], tried: (at: readonly number[]) => Optimum): Optimum[] {
  const kept = simplex.slice(0, -1);
  const worst = simplex.at(-1)!;
  const centre = worst.at.map((_, i) => kept.reduce((sum, { at }) => sum + at[i]!, 0) / kept.length);
  const along = (factor: number): Optimum => tried(centre.map((value, i) => value + factor * (value - worst.at[i]!)));
  const reflected = along(1);
  if (reflected.value > kept[0]!.value) {
    const expanded = along(2);
    return [...kept, expanded.value > reflected.value ? expanded : reflected];
  }
  if (reflected.value > kept.at(-1)!.value) return [...kept, reflected];
  const contracted = along(reflected.value > worst.value ? 0.5 : -0.5);
  if (contracted.value > Math.max(worst.value, reflected.value)) return [...kept, contracted];
  return [kept[0]!, ...simplex.slice(1).map(({ at }) => tried(at.map((value, i) => (value + kept[0]!.at[i]!) / 2)))];
}

/** One step along an axis, towards the side with more room. */
function stepped(at: readonly number[], axis: number, bounds: Bounds, size: number): number[] {
  const [low, high] = bounds[axis]!;
  const step = size * (high - low) * (at[axis]! > (low + high) / 2 ? -1 : 1);
  return at.map((value, i) => (i === axis ? value + step : value));
}

function collapsed(simplex: readonly Optimum[], bounds: Bounds): boolean {
  return bounds.every(([low, high], axis) => simplex.every(({ at }) => Math.abs(at[axis]! - simplex[0]!.at[axis]!) <= 1e-7 * (high - low)));
}
