import { Readable } from 'node:stream';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../problems/problem.js';

/** A request that came with an `Idempotency-Key`: what binds a repeat to it. */
export interface IdempotentRequest {
  readonly callerId: string;
  readonly key: string;
  readonly route: string;
  readonly body: string;
  readonly reply: FastifyReply;
}

/** For `@ApiHeader`. */
export const IDEMPOTENCY_HEADER = { name: 'Idempotency-Key', required: false, description: 'A repeat with the same key and body gets the stored answer.' };

const FORM = /^[\x21-\x7e]{1,255}$/;

/** The repeatable request, or undefined without the header. Without an actor (registration) the address is the caller. */
export const Idempotent = createParamDecorator((_: unknown, context: ExecutionContext): IdempotentRequest | undefined => {
  const http = context.switchToHttp();
  const request = http.getRequest<FastifyRequest & { actor?: { id: string } }>();
  const key = keyOf(request);
  if (key === undefined) return undefined;
  return {
    callerId: request.actor?.id ?? 'anyone',
    key,
    route: `${request.method} ${request.url.split('?', 1)[0]}`.slice(0, 128),
    // Of a file that is still arriving, whoever reads it tells what was in it.
    body: request.body instanceof Readable ? '' : JSON.stringify(request.body ?? null),
    reply: http.getResponse<FastifyReply>(),
  };
});

/** The key alone, for routes whose body is too large to be compared as a whole. */
export const RequestKey = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => keyOf(context.switchToHttp().getRequest<FastifyRequest>()));

function keyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !FORM.test(key)) throw new WrongIdempotencyKey();
  return key;
}

class WrongIdempotencyKey extends Problem {
  constructor() {
    super('malformed', 'idempotency.wrong-key', 'Idempotency-Key must be 1 to 255 visible ASCII characters.');
  }
}
