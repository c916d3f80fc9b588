import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { Settings } from '../config/settings.js';
import { proxyTrust } from '../network/trusted-proxies.js';
import { Problem } from '../problems/problem.js';
import { refuseBrokenRequest } from './broken-requests.js';
import { problemAnswer } from './problem-answer.js';
import { leaveUnread } from './unread-body.js';

/** The address counts as one of them: 500 ids asked for at once are 24 KB of it. */
const LONGEST_HEADERS = 64 * 1024;
const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;

export function fastifyAdapter(settings: Settings): FastifyAdapter {
  const headersTimeout = settings.requestTimeoutSeconds * 1000;
  // The longest that any request may take: `cutSlowBodies` sees to those that are no files.
  const requestTimeout = Math.max(headersTimeout, settings.uploadTimeoutSeconds * 1000);
  return new FastifyAdapter({
    logger: false,
    bodyLimit: settings.bodyLimitBytes,
    requestTimeout,
    connectionTimeout: 0,
    keepAliveTimeout: 72_000,
    return503OnClosing: false,
    trustProxy: settings.trustProxy.length > 0 ? proxyTrust(settings.trustProxy) : false,
    genReqId: (request: { headers: Record<string, string | string[] | undefined> }) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
    http: { maxHeaderSize: LONGEST_HEADERS, headersTimeout, requestTimeout },
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      const { status, headers, body } = problemAnswer(error, request);
      // Closed, since nobody looks after what is still to come.
      void reply.status(status).headers({ ...headers, connection: 'close' }).send(body);
    },
    clientErrorHandler: refuseBrokenRequest,
  } as never);
}

/** Reads JSON as strict UTF-8, as much as `@RouteConfig({ largestBody })` says or else the settings; an absent body is undefined whatever the content type says (DELETE by admin panels). */
export function readBodies(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addHook('onRoute', (route: RouteOptions) => {
    const { largestBody, streamed } = (route.config ?? {}) as { largestBody?: number; streamed?: boolean };
    if (largestBody !== undefined) route.bodyLimit = largestBody;
    if (streamed) leaveUnread(route);
  });
  fastify.addContentTypeParser(/^application\/(?:[\w.-]+\+)?json(?:;|$)/i, { parseAs: 'buffer' }, (_request: unknown, body: Buffer, done: (error: Error | null, parsed?: unknown) => void) => {
    if (body.length === 0) return done(null, undefined);
    if (!isUtf8(body)) return done(NOT_UTF8);
    try {
      const parsed = withoutPrototype(body.toString());
      done(isDeeperThan(MAX_DEPTH, parsed) ? TOO_DEEP : null, parsed);
    } catch {
      done(NOT_JSON);
    }
  });
  // Files of any size, for routes that read them as they arrive and say so.
  fastify.addContentTypeParser(['text/csv', 'application/x-ndjson', 'application/vnd.sqlite3', 'multipart/form-data'], (request: FastifyRequest, body: unknown, done: (error: Error | null, parsed?: unknown) => void) => {
    const { streamed } = request.routeOptions.config as { streamed?: boolean };
    done(streamed ? null : NOT_TAKEN, body);
  });
  // What an RFC wants as a form; everywhere else pages of other origins could send one without asking first.
  fastify.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer' }, (request: FastifyRequest, body: Buffer, done: (error: Error | null, parsed?: unknown) => void) => {
    const { form } = request.routeOptions.config as { form?: boolean };
    if (!form) return done(NOT_TAKEN);
    if (!isUtf8(body)) return done(NOT_UTF8);
    done(null, new URLSearchParams(body.toString()));
  });
  // Admin panels delete with a content type and nothing in it.
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request: unknown, body: Buffer, done: (error: Error | null, parsed?: unknown) => void) => {
    done(body.length === 0 ? null : NOT_TAKEN, undefined);
  });
}

const NOT_TAKEN = Object.assign(new Error(), { statusCode: 415 });
const NOT_UTF8 = new Problem('malformed', 'request.malformed-encoding', 'The body is not valid UTF-8.');
/** Deeper bodies would overflow the stack of whoever walks through them. */
const MAX_DEPTH = 64;
const TOO_DEEP = new Problem('malformed', 'request.too-deep', `The body is nested more than ${MAX_DEPTH} levels deep.`);
const NOT_JSON = new Problem('malformed', 'request.malformed-json', 'The body is not valid JSON.');

function withoutPrototype(text: string): unknown {
  const parsed: unknown = JSON.parse(text);
  // Only a body that mentions these names at all can carry them.
  if (/"(?:__proto__|constructor)"/.test(text)) refusePrototypes(parsed);
  return parsed;
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const name in value) if (isDeeperThan(levels - 1, (value as Record<string, unknown>)[name])) return true;
  return false;
}

function refusePrototypes(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (Object.hasOwn(value, '__proto__')) throw NOT_JSON;
  for (const inner of Object.values(value)) refusePrototypes(inner);
}

/** Headers of every answer; a table made once, because this runs on every request. */
export function answerHeaders(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    reply.headers(request.url.startsWith('/docs') ? PAGE_HEADERS : HEADERS).header('x-request-id', request.id);
    done();
  });
}

/** What a browser may do with an answer that is no page: nothing. Each header costs a microsecond, so there are no more. */
const HEADERS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
};
/** Swagger UI runs its own scripts and styles from here, and nothing from anywhere else. */
const PAGE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'content-security-policy': "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
};
