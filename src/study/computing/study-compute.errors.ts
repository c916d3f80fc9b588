import { Problem } from '../../platform/problems/problem.js';

/** More waits than this process will ever get done soon. */
export class StudyComputeBusy extends Problem {
  constructor() {
    super('unavailable', 'study.busy', 'Too many files are being read at the moment; try again in a while.', { retryAfterSeconds: 10 });
  }
}

/** Reading it takes longer than any ordinary file does. */
export class FileTakesTooLong extends Problem {
  constructor(seconds: number) {
    super('rule-broken', 'study.time-limit', `Reading this file took longer than ${seconds} s; it is damaged, or made to be slow.`);
  }
}

/** A thread has a bound of its own, so that the process lives. */
export class FileTakesTooMuchMemory extends Problem {
  constructor(cause?: unknown) {
    super('rule-broken', 'study.memory-limit', 'Reading this file took more memory than any ordinary file does.', { cause });
  }
}
