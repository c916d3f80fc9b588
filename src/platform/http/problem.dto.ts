/** One broken rule of a request. */
export class ViolationDto {
  /** RFC 6901 JSON pointer into the body, or the name of a parameter. @example '/email' */
  pointer!: string;
  /** @example 'isEmail' */
  code!: string;
  /** @example 'email must be an e-mail address.' */
  detail!: string;
}

/** What went wrong (RFC 9457). */
export class ProblemDto {
  /** Names the kind of problem; `about:blank` where the status says it all. */
  type!: string;
  /** The status in words. @example 'Bad Request' */
  title!: string;
  /** @example 400 */
  status!: number;
  /** What happened and what to change. */
  detail!: string;
  /** The path that was asked for. @example '/api/v1/usage/consume' */
  instance!: string;
  /** Stable name of the problem, for programs. @example 'validation.failed' */
  code!: string;
  /** Finds the request in the logs. */
  requestId!: string;
  /** The same as `detail`, where admin panels look for it. */
  message!: string;
  /** The first flaw of each field, where admin panels look for it. */
  errors?: Record<string, string>;
  /** Every broken rule. */
  violations?: ViolationDto[];
}
