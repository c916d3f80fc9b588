import { Problem } from '../../platform/problems/problem.js';

/** More waits than this process will ever get done soon. */
export class ComputeBusy extends Problem {
  constructor() {
    super('unavailable', 'experiments.compute-busy', 'Too much is being computed at the moment; try again in a while.', { retryAfterSeconds: 10 });
  }
}

/** A task that cannot end with the best it has, or would not. */
export class ComputeTimedOut extends Problem {
  constructor(seconds: number) {
    super('rule-broken', 'experiments.compute-time-limit', `This took longer than ${seconds} s. Ask for less: fewer factors, terms, runs or starts.`);
  }
}

/** Mostly for want of memory: a thread has a bound of its own, so that the process lives. */
export class ComputeFailed extends Problem {
  constructor(cause: unknown) {
    super('rule-broken', 'experiments.compute-failed', 'This was more than a computation may need in memory. Ask for less: fewer factors, terms, runs or starts.', { cause });
  }
}
