import { Problem } from '../../platform/problems/problem.js';

export class TooManyComputations extends Problem {
  constructor(most: number) {
    super('too-many-requests', 'experiments.too-many-computations', `You have ${most} unfinished computations; wait for one to end, or cancel one.`, { retryAfterSeconds: 10 });
  }
}

export class ComputationFinished extends Problem {
  constructor(state: string) {
    super('conflict', 'experiments.computation-finished', `This computation is ${state}; there is nothing left to cancel.`);
  }
}

/** Its process ended before it did. */
export class ComputationLost extends Problem {
  constructor() {
    super('unavailable', 'experiments.computation-lost', 'The process that carried this out ended before it was done; ask for it again, with the same seed for the same answer.');
  }
}

/** It was cancelled, or its experiment removed: thrown in the transaction that would have written what came out. */
export class NoLongerWanted extends Error {}
