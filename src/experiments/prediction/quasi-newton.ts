export interface Smooth {
  value: number;
  gradient: readonly number[];
}

/**
 * A local minimum within bounds by BFGS with projected steps and backtracking. Nocedal and Wright (2006), "Numerical optimization",
 * algorithm 6.1 and section 16.7.
 */
export function minimizeSmooth(
  f: (at: readonly number[]) => Smooth, from: readonly number[], bounds: readonly (readonly [number, number])[], iterations = 60,
): { at: number[]; value: number } {
  let at = [...from];
  let here = f(at);
  let inverse = identity(at.length);
  for (let iteration = 0; iteration < iterations; iteration++) {
    // Only coordinates that may still move count: at a bound the slope holds them there.
    const free = at.map((value, k) => !(value <= bounds[k]![0] && here.gradient[k]! > 0) && !(value >= bounds[k]![1] && here.gradient[k]! < 0));
    const step = direction(inverse, here.gradient, free);
    const found = backtrack(f, at, here, step, bounds);
    if (!found) break;
    const gained = here.value - found.there.value;
    inverse = updated(inverse, found.at.map((value, k) => value - at[k]!), found.there.gradient.map((value, k) => value - here.gradient[k]!));
    at = found.at;
    here = found.there;
    if (gained < 1e-8 * (1 + Math.abs(here.value))) break;
  }
  return { at, value: here.value };
}

function direction(inverse: readonly (readonly number[])[], gradient: readonly number[], free: readonly boolean[]): number[] {
  const step = inverse.map((row, i) => (free[i] ? -row.reduce((sum, value, k) => sum + (free[k] ? value * gradient[k]! : 0), 0) : 0));
  const longest = Math.max(...step.map(Math.abs));
  // Parameters are logs: a step of 2 is a factor of 7 already.
  return longest > 2 ? step.map((value) => value * 2 / longest) : step;
}

function backtrack(
  f: (at: readonly number[]) => Smooth, at: readonly number[], here: Smooth, step: readonly number[], bounds: readonly (readonly [number, number])[],
): { at: number[]; there: Smooth } | undefined {
  for (let share = 1; share > 1e-6; share /= 3) {
    const next = at.map((value, k) => Math.min(bounds[k]![1], Math.max(bounds[k]![0], value + share * step[k]!)));
    const promised = next.reduce((sum, value, k) => sum + (value - at[k]!) * here.gradient[k]!, 0);
    if (promised >= 0) return undefined;
    const there = f(next);
    if (there.value <= here.value + 1e-4 * promised) return { at: next, there };
  }
  return undefined;
}

/** The BFGS update, left out where the curvature along the step is not positive. */
function updated(inverse: readonly number[][], step: readonly number[], change: readonly number[]): number[][] {
  const curvature = dot(step, change);
  if (!(curvature > 1e-12)) return inverse.map((row) => [...row]);
  const moved = inverse.map((row) => dot(row, change));
  const scale = (curvature + dot(change, moved)) / curvature ** 2;
  return inverse.map((row, i) => row.map((value, j) => value + scale * step[i]! * step[j]! - (moved[i]! * step[j]! + step[i]! * moved[j]!) / curvature));
}

function identity(size: number): number[][] {
  return Array.from({ length: size }, (_, i) => Array.from({ length: size }, (__, j) => (i === j ? 1 : 0)));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
