/** Between new tasks, so that others can be put there many times. */
export const GAP = 1024;

/** A number strictly between the two, undefined when there is none; without one of them, a gap beyond the other. */
export function between(before: number | undefined, after: number | undefined): number | undefined {
  if (before === undefined) return after === undefined ? GAP : beyond(after, after - GAP);
  if (after === undefined) return beyond(before, before + GAP);
  const middle = before / 2 + after / 2;
  return before < middle && middle < after ? middle : undefined;
}

/** Where numbers are so large that a gap makes no difference, there is no room either. */
function beyond(from: number, to: number): number | undefined {
  return to === from || !Number.isFinite(to) ? undefined : to;
}
