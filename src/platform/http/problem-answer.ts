import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { isDatabaseAway, isDuplicate, isMissingReference } from '../database/failures.js';
import { Problem, type ProblemKind } from '../problems/problem.js';
import { DatabaseAway, Overtaken } from '../problems/problems.js';
import type { ProblemDto } from './problem.dto.js';

export const STATUS: Record<ProblemKind, number> = {
  malformed: 400,
  unauthenticated: 401,
  'payment-required': 402,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  gone: 410,
  stale: 412,
  'too-large': 413,
  'unsupported-media-type': 415,
  'range-not-satisfiable': 416,
  'rule-broken': 422,
  'too-many-requests': 429,
  unavailable: 503,
};

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

export interface ProblemAnswer {
  status: number;
  headers: Record<string, string>;
  body: ProblemDto;
  /** An error nobody expected: to be logged in full, answered with nothing inside. */
  isBug: boolean;
}

/** The answer to anything that was thrown. */
export function problemAnswer(thrown: unknown, request: { url: string; id: string }): ProblemAnswer {
  const problem = asProblem(thrown);
  if (!problem) return answer(500, 'server.error', 'Something went wrong on our side. The request id finds it in the logs.', request, true);
  const { kind, code, detail, options } = problem;
  const made = answer(STATUS[kind], code, detail, request, false);
  Object.assign(made.headers, options.headers);
  if (options.retryAfterSeconds !== undefined) made.headers['retry-after'] = String(Math.max(1, Math.ceil(options.retryAfterSeconds)));
  if (options.violations) {
    made.body.violations = [...options.violations];
    made.body.errors = Object.fromEntries(options.violations.map(({ pointer, detail }) => [pointer.replace(/^\//, ''), detail] as const).reverse());
  }
  Object.assign(made.body, options.extensions);
  return made;
}

function asProblem(thrown: unknown): Problem | undefined {
  if (thrown instanceof Problem) return thrown;
  if (isDatabaseAway(thrown)) return new DatabaseAway(thrown);
  if (isMissingReference(thrown) || isDuplicate(thrown)) return new Overtaken(thrown);
  const { statusCode, code, message } = thrown as { statusCode?: number; code?: string; message?: string };
  const status = thrown instanceof HttpException ? thrown.getStatus() : statusCode;
  if (status === undefined || status >= 500 || status < 400) return undefined;
  return frameworkProblem(status, code, message ?? '');
}

/** What Fastify and Nest refuse by themselves, in our words: theirs name internals. */
function frameworkProblem(status: number, code: string | undefined, message: string): Problem {
  if (status === 404) return new Problem('not-found', 'route.not-found', 'There is no such route.');
  if (status === 413) return new Problem('too-large', 'request.too-large', 'The body is larger than this route takes.');
  if (status === 414) return new Problem('malformed', 'request.uri-too-long', 'The address is too long.');
  if (status === 415) return new Problem('unsupported-media-type', 'request.unsupported-media-type', 'This content type is not taken here; send application/json.');
  if (status === 408) return new Problem('malformed', 'request.timeout', 'The request took too long to arrive.');
  if (status === 403) return new Problem('forbidden', 'access.forbidden', 'This is not allowed.');
  if (code === 'FST_ERR_CTP_INVALID_JSON_BODY' || /JSON/.test(message)) return new Problem('malformed', 'request.malformed-json', 'The body is not valid JSON.');
  if (/uuid/i.test(message)) return new Problem('malformed', 'request.bad-id', 'An id in the path is not a UUID.');
  return new Problem('malformed', 'request.malformed', 'The request cannot be read.');
}

function answer(status: number, code: string, detail: string, request: { url: string; id: string }, isBug: boolean): ProblemAnswer {
  const body: ProblemDto = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    instance: request.url.split('?', 1)[0]!,
    code,
    requestId: request.id,
    message: detail,
  };
  return { status, headers: { 'content-type': PROBLEM_TYPE }, body, isBug };
}
