import type { OpenAPIObject } from '@nestjs/swagger';

type Responses = NonNullable<NonNullable<OpenAPIObject['components']>['responses']>;

const problem = (status: number, title: string, code: string, detail: string, description: string) => ({
  description,
  content: {
    'application/problem+json': {
      schema: { $ref: '#/components/schemas/ProblemDto' },
      example: { type: 'about:blank', title, status, detail, instance: '/api/v1/…', code, requestId: '9f1c6a52-6f0e-4a51-9f0b-0f6f4f3f8f6e', message: detail },
    },
  },
});

/** The error answers, said once; operations refer to them. */
const NAMES: Record<number, string> = {
  400: 'Malformed', 401: 'NotSignedIn', 402: 'NotEnoughCredits', 403: 'NotAllowed', 404: 'NotFound', 409: 'Conflict', 410: 'Gone', 412: 'Stale',
  413: 'TooLarge', 415: 'ContentTypeNotTaken', 416: 'NoSuchRange', 422: 'RuleBroken', 429: 'TooMany', 503: 'Away',
};

export const PROBLEM_RESPONSES: Responses = {
  Malformed: problem(400, 'Bad Request', 'validation.failed', 'name must be longer than or equal to 1 characters.', 'The request cannot be understood; the answer says what to change.'),
  NotSignedIn: problem(401, 'Unauthorized', 'auth.required', 'Sign in, or send an API key: Authorization: Bearer <token or key>.', 'No valid credentials.'),
  NotEnoughCredits: problem(402, 'Payment Required', 'usage.insufficient-credits', 'There are not enough credits left.', 'Not enough credits; nothing was spent.'),
  NotAllowed: problem(403, 'Forbidden', 'access.missing-permission', 'This account lacks the permission "users:read".', 'The credentials are valid but do not permit this.'),
  NotFound: problem(404, 'Not Found', 'user.not-found', 'There is no such user.', 'There is no such record, or it belongs to somebody else.'),
  Conflict: problem(409, 'Conflict', 'users.taken', 'This username is taken.', 'It conflicts with what is there; the answer says with what.'),
  Gone: problem(410, 'Gone', 'changes.gone', 'It is no longer known what changed since then.', 'It was there and is no longer; the answer says what to do.'),
  Stale: problem(412, 'Precondition Failed', 'request.stale', 'The record was changed since it was read; read it again.', 'The record was changed since it was read; read it again.'),
  TooLarge: problem(413, 'Payload Too Large', 'request.too-large', 'The body is larger than this route takes.', 'The body is larger than this route takes.'),
  ContentTypeNotTaken: problem(415, 'Unsupported Media Type', 'request.unsupported-media-type', 'This content type is not taken here; send application/json.', 'This content type is not taken here.'),
  NoSuchRange: problem(416, 'Range Not Satisfiable', 'request.range', 'No byte of the range that was asked for is there.', 'No byte of the range that was asked for is there.'),
  RuleBroken: problem(422, 'Unprocessable Entity', 'usage.below-zero', 'The balance is 3; it cannot fall below zero.', 'Well formed, but against a rule of the domain.'),
  TooMany: problem(429, 'Too Many Requests', 'access.too-many-requests', 'Not more than 60 requests a minute.', 'Too many requests; Retry-After says when to come back.'),
  Away: problem(503, 'Service Unavailable', 'database.away', 'The database does not answer at the moment; try again shortly.', 'The database does not answer at the moment; Retry-After says when to come back.'),
};

/** The common answer of a status; where the operation has codes of its own, one that names them. */
export function problemResponse(status: number, codes: readonly string[]): Responses[string] {
  const name = NAMES[status]!;
  if (codes.length === 0) return { $ref: `#/components/responses/${name}` };
  const { description, content } = PROBLEM_RESPONSES[name] as ReturnType<typeof problem>;
  const { schema, example } = content['application/problem+json'];
  const own = { ...example, code: codes[0]!, detail: description, message: description };
  const told = { description: `${description} Codes: ${codes.map((code) => `\`${code}\``).join(', ')}.`, content: { 'application/problem+json': { schema, example: own } } };
  return Object.assign(told, { 'x-codes': codes });
}
