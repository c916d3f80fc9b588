import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../problems/problem.js';

/** The version a client last saw, from `If-Match: "3"`; undefined without the header or with `*`. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): number | undefined => {
  const header = context.switchToHttp().getRequest<FastifyRequest>().headers['if-match'];
  if (header === undefined || header === '*') return undefined;
  const match = /^"(\d{1,9})"$/.exec(header);
  if (!match) throw new Problem('stale', 'request.stale-version', 'If-Match must be the ETag of the record as it was read, such as "3".');
  return Number(match[1]);
});

/** The tags of what a client has already, as it sent them. */
export const IfNoneMatch = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => context.switchToHttp().getRequest<FastifyRequest>().headers['if-none-match']);

export function setEntityTag(reply: FastifyReply, version: number): void {
  reply.header('etag', `"${version}"`);
}
