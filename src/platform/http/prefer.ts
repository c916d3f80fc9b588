import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** For `@ApiHeader`. */
export const PREFER_HEADER = { name: 'Prefer', required: false, description: '`respond-async`: answers 202 at once, without waiting for what comes out (RFC 7240).' };

/** Whether the client prefers an answer at once to one with the outcome. */
export const PrefersAsync = createParamDecorator((_: unknown, context: ExecutionContext): boolean => {
  const { prefer } = context.switchToHttp().getRequest<FastifyRequest>().headers;
  return [prefer ?? []].flat().some((value) => value.split(',').some((preference) => preference.trim().toLowerCase() === 'respond-async'));
});
