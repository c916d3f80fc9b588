import { Problem, type Violation } from './problem.js';

/** The same words for an id that does not exist and for one that is somebody else's. */
export class NotFound extends Problem {
  constructor(what: string) {
    super('not-found', `${what}.not-found`, `There is no such ${what.replaceAll('-', ' ')}.`);
  }
}

export class ValidationFailed extends Problem {
  constructor(violations: readonly Violation[]) {
    super('malformed', 'validation.failed', summary(violations), { violations });
  }
}

export class StaleVersion extends Problem {
  constructor(current: number) {
    super('stale', 'request.stale-version', 'The record was changed in the meantime; read it again and repeat the change.', { extensions: { currentVersion: current } });
  }
}

export class Unauthenticated extends Problem {
  constructor(code: string, detail: string, error?: string) {
    const challenge = error ? `Bearer realm="provost", error="${error}"` : 'Bearer realm="provost"';
    super('unauthenticated', code, detail, { headers: { 'www-authenticate': challenge } });
  }
}

export class Forbidden extends Problem {
  constructor(detail: string, code = 'access.forbidden') {
    super('forbidden', code, detail);
  }
}

export const OVERTAKEN = 'request.overtaken';

/**
 * What the request names was removed by another one between check and write, or the same was written by it. What nothing
 * more fitting is said of; of the transaction nothing remains.
 */
export class Overtaken extends Problem {
  constructor(cause: unknown) {
    super('conflict', OVERTAKEN, 'Another request changed or removed at the same moment what this one rests on, and nothing was done; read it again and repeat what is still wanted.', { cause });
  }
}

/** The database did not answer. The request was not carried out, or its outcome is unknown and a retry is safe. */
export class DatabaseAway extends Problem {
  constructor(cause?: unknown) {
    super('unavailable', 'database.away', 'The database does not answer at the moment; try again shortly.', {
      retryAfterSeconds: 2,
      cause,
    });
  }
}

function summary(violations: readonly Violation[]): string {
  const first = violations[0]?.detail ?? 'The request is not valid.';
  return violations.length > 1 ? `${first} (and ${violations.length - 1} more)` : first;
}
