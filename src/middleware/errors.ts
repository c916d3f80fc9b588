import { STATUS_CODES } from 'node:http';

/** What is left of a user's day and credits, as Provost tells it. */
export interface Standing {
  readonly limits: readonly { readonly name: string; readonly limit: number | null; readonly used: number; readonly remaining: number | null; readonly resetsAt: string }[];
  readonly credits: { readonly balance: number };
}

/** The body of an answer, `application/problem+json` (RFC 9457), as Provost itself would write it. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  /** Stable; compare this. */
  readonly code: string;
  /** Repeats `detail`. */
  readonly message: string;
  readonly [extension: string]: unknown;
}

interface Details {
  readonly headers?: Record<string, string>;
  readonly extensions?: Record<string, unknown>;
  readonly cause?: unknown;
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Why a request is not let in, or a call to Provost did not work out. */
export class ProvostError extends Error {
  /** Of the answer. */
  readonly headers: Readonly<Record<string, string>>;
  private readonly extensions: Readonly<Record<string, unknown>>;

  constructor(
    /** Of the answer. */
    readonly status: number,
    /** Stable; compare this. */
    readonly code: string,
    /** A sentence for people. */
    readonly detail: string,
    { headers = {}, extensions = {}, cause }: Details = {},
  ) {
    super(detail, { cause });
    this.name = new.target.name;
    this.headers = headers;
    this.extensions = extensions;
  }

  /** The body of the answer to a request for this path. */
  body(path: string): ProblemBody {
    const { status, code, detail, extensions } = this;
    return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, instance: path, code, message: detail, ...extensions };
  }
}

/** 401: there is no credential, or it is dead. */
export class Unauthenticated extends ProvostError {
  constructor(code: string, detail: string) {
    const error = code === 'auth.required' ? '' : ', error="invalid_token"';
    super(401, code, detail, { headers: { 'www-authenticate': `Bearer realm="provost"${error}` } });
  }
}

/** 403: known, but not allowed to do this. */
export class Forbidden extends ProvostError {
  constructor(code: string, detail: string, extensions?: Record<string, unknown>) {
    super(403, code, detail, { extensions });
  }
}

/** 429: the daily limit is reached. Nothing was counted. */
export class LimitReached extends ProvostError {
  constructor(
    readonly standing: Standing,
    detail: string,
    headers: Record<string, string>,
  ) {
    super(429, 'usage.limit-reached', detail, { headers, extensions: { limits: standing.limits, credits: standing.credits } });
  }
}

/** 402: the balance is too low. Nothing was spent. */
export class InsufficientCredits extends ProvostError {
  constructor(
    readonly standing: Standing,
    detail: string,
    headers: Record<string, string>,
  ) {
    super(402, 'usage.insufficient-credits', detail, { headers, extensions: { limits: standing.limits, credits: standing.credits } });
  }
}

/**
 * 503 with `Retry-After`: Provost could not be asked. The code says why: `provost.unavailable` (away, slow or failing), `provost.bad-answer`
 * (something else answers there), `provost.busy` (our service key is too fast), `provost.misconfigured` (it is refused, or the address
 * is wrong), `provost.spool-full` (no more logs can be kept).
 */
export class Unavailable extends ProvostError {
  constructor(
    code: 'provost.unavailable' | 'provost.bad-answer' | 'provost.busy' | 'provost.misconfigured' | 'provost.spool-full',
    detail: string,
    readonly retryAfterSeconds: number,
    cause?: unknown,
  ) {
    super(503, code, detail, { headers: { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) }, cause });
  }
}
