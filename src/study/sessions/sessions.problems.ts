import { Problem } from '../../platform/problems/problem.js';

/** Nobody studies twice at once. */
export class SessionOpen extends Problem {
  constructor(sessionId: string) {
    super('conflict', 'study.session-open', `Session ${sessionId} is open; finish it first.`, { extensions: { sessionId } });
  }
}

export class SessionFinished extends Problem {
  constructor() {
    super('conflict', 'study.session-finished', 'This session is finished; edit it instead, or start another one.');
  }
}

export class SessionNotFinished extends Problem {
  constructor() {
    super('conflict', 'study.session-not-finished', 'This session is open; finish it before its times are changed.');
  }
}

/** A beat for a timer that does not run, because of a pause or because beats stayed away too long. */
export class SessionPaused extends Problem {
  constructor() {
    super('conflict', 'study.session-paused', 'This session is paused; resume it.');
  }
}

/** Times that cannot be. `code` follows `study.session-`. */
export class SessionTimesRefused extends Problem {
  constructor(code: 'backwards' | 'in-future' | 'too-long', pointer: string, detail: string) {
    super('rule-broken', `study.session-${code}`, detail, { violations: [{ pointer: `/${pointer}`, code, detail }] });
  }
}

export class SessionOverlaps extends Problem {
  constructor(sessionId: string) {
    super('conflict', 'study.session-overlaps', `Time of session ${sessionId} lies within these times; nobody studies twice at once.`, { extensions: { sessionId } });
  }
}

export class PagesRefused extends Problem {
  constructor(pointer: string, detail: string) {
    super('rule-broken', 'study.pages', detail, { violations: [{ pointer: `/${pointer}`, code: 'pages', detail }] });
  }
}
