import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../config/settings.js';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
const EXPOSED = 'Content-Range, X-Total-Count, Link, ETag, X-Request-Id, RateLimit, RateLimit-Policy, Retry-After, Idempotency-Replayed';
const PREFLIGHT_SECONDS = '600';

/**
 * CORS by setting. Only browsers send an Origin, and nobody else pays for it: the usual plugin, by way of Nest, costs
 * every request as much as finding its route.
 */
export function answerBrowsers(app: NestFastifyApplication, { corsOrigins }: Settings): void {
  const anybody = corsOrigins.includes('*');
  const named = new Set(corsOrigins.filter((origin) => origin !== '*'));
  app.getHttpAdapter().getInstance().addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    const { origin } = request.headers;
    if (origin === undefined) return done();
    const isNamed = named.has(origin);
    const isAllowed = anybody || isNamed;
    if (named.size > 0) reply.header('vary', 'origin');
    if (isAllowed) reply.header('access-control-allow-origin', isNamed ? origin : '*');
    // Cookies are for pages of origins that are named, never for everybody's.
    if (isNamed) reply.header('access-control-allow-credentials', 'true');
    if (isPreflight(request)) return void answerPreflight(request, reply, isAllowed);
    if (isAllowed) reply.header('access-control-expose-headers', EXPOSED);
    done();
  });
}

function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

function answerPreflight({ headers }: FastifyRequest, reply: FastifyReply, isAllowed: boolean): FastifyReply {
  if (isAllowed) {
    reply.header('access-control-allow-methods', METHODS).header('access-control-max-age', PREFLIGHT_SECONDS);
    const wanted = headers['access-control-request-headers'];
    if (wanted !== undefined) reply.header('access-control-allow-headers', wanted);
  }
  return reply.code(204).send();
}
