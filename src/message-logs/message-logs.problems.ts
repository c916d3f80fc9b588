import { Problem } from '../platform/problems/problem.js';

/** More logs wait in memory than INTAKE_MEMORY_BYTES. */
export class IntakeFull extends Problem {
  constructor() {
    super('unavailable', 'message-logs.intake-full', 'Too many message logs are waiting to be written; none of this request were taken. Try again shortly.', { retryAfterSeconds: 1 });
  }
}

/** The database has been away for so long that SPOOL_BYTES, or the disk, is used up. */
export class SpoolFull extends Problem {
  constructor(cause?: unknown) {
    super('unavailable', 'message-logs.spool-full', 'The database is away and no more message logs can be kept until it is back; none of this request were taken.', { retryAfterSeconds: 10, cause });
  }
}

/** The user was banned from this, and from nothing else. */
export class MessagesBanned extends Problem {
  constructor(until: number) {
    const end = until === Infinity ? null : new Date(until).toISOString();
    super('forbidden', 'message-logs.banned', end === null ? 'This user may post no message logs.' : `This user may post no message logs until ${end}.`, { extensions: { until: end } });
  }
}
