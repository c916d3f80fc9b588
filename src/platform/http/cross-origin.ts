import type { FastifyCorsOptions } from '@fastify/cors';
import type { FastifyRequest } from 'fastify';
import type { Settings } from '../config/settings.js';

const NONE = { origin: false };

/** CORS by setting. Only browsers send an Origin; everybody else is spared the headers. */
export function crossOriginRules(settings: Settings): FastifyCorsOptions {
  const rules = {
    origin: settings.corsOrigins.includes('*') ? '*' : settings.corsOrigins,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    exposedHeaders: ['Content-Range', 'X-Total-Count', 'ETag', 'X-Request-Id', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'Idempotency-Replayed'],
    maxAge: 600,
  };
  return {
    delegator: (request: FastifyRequest, callback) => callback(null, request.headers.origin === undefined ? NONE : rules),
  };
}
