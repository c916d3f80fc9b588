/** What went wrong, in the words of the domain; `STATUS` in the problem filter turns it into an HTTP status. */
export type ProblemKind =
  | 'malformed'
  | 'unauthenticated'
  | 'payment-required'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'gone'
  | 'stale'
  | 'too-large'
  | 'unsupported-media-type'
  | 'range-not-satisfiable'
  | 'rule-broken'
  | 'too-many-requests'
  | 'unavailable';

/** One broken rule of a request body, query or path. */
export interface Violation {
  /** Where, as an RFC 6901 JSON pointer into the body, or the name of a query or path parameter. */
  pointer: string;
  code: string;
  detail: string;
}

export interface ProblemOptions {
  /** Members that the answer carries beside the standard ones. */
  extensions?: Record<string, unknown>;
  /** Sent as `Retry-After`. */
  retryAfterSeconds?: number;
  violations?: readonly Violation[];
  headers?: Record<string, string>;
  cause?: unknown;
}

/** An expected failure with a stable code and a sentence that says what to change. Thrown, never returned. */
export class Problem extends Error {
  constructor(
    readonly kind: ProblemKind,
    readonly code: string,
    readonly detail: string,
    readonly options: ProblemOptions = {},
  ) {
    super(detail, { cause: options.cause });
    this.name = new.target.name;
  }
}
