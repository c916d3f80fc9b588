import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ValidationFailed } from '../problems/problems.js';

const MOST = 500;

/** For `@ApiHeader`. */
export const REASON_HEADER = { name: 'X-Reason', required: false, description: 'Why; percent-encoded UTF-8. It stays in the audit.' };

/** Why somebody does something, from `X-Reason`: percent-encoded UTF-8, since headers carry ASCII. Not in the query, which lands in logs. */
export const Reason = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  const header = context.switchToHttp().getRequest<FastifyRequest>().headers['x-reason'];
  const text = typeof header === 'string' ? decoded(header).normalize('NFC').trim() : '';
  if (text.length > MOST || /\p{Cc}/u.test(text)) throw new ValidationFailed([{ pointer: 'X-Reason', code: 'reason', detail: `X-Reason may have up to ${MOST} characters, and no control characters.` }]);
  return text === '' ? undefined : text;
});

function decoded(header: string): string {
  try {
    return decodeURIComponent(header);
  } catch {
    return header;
  }
}
