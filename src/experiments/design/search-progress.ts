/** How far a long computation is: yielded every few milliseconds, so that its caller can report it, wait, or stop it. */
export interface Progress {
  /** 0 to 1. */
  done: number;
  /** The best figure so far, as the search measures it. */
  best: number;
}

/**
 * A long computation. Call `next()` to go on, `next('stop')` to end it with the best it has; what it gives is plain data.
 * Nothing happens between the calls: a worker thread can look at its messages and its clock there.
 */
export type Search<Result> = Generator<Progress, Result, 'stop' | undefined>;

/** Runs a search to its end, or to its next report after `stopped` answers true. */
export function finished<Result>(search: Search<Result>, stopped: (progress: Progress) => boolean = () => false): Result {
  let step = search.next();
  while (!step.done) step = search.next(stopped(step.value) ? 'stop' : undefined);
  return step.value;
}
