import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../config/settings.js';
import { addressOf, isForwarded, isLoopback } from '../network/addresses.js';
import { Forbidden } from '../problems/problems.js';
import { problemAnswer } from './problem-answer.js';

/**
 * HTTPS by setting. Plain requests are refused, never redirected: what they carried has been read by then, and a program
 * that is redirected goes on sending its secrets in the clear.
 */
export function demandHttps(app: NestFastifyApplication, { httpsOnly, hstsSeconds }: Settings): void {
  if (!httpsOnly && hstsSeconds === 0) return;
  app.getHttpAdapter().getInstance().addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    if (isHttps(request)) {
      if (hstsSeconds > 0) reply.header('strict-transport-security', `max-age=${hstsSeconds}`);
    } else if (httpsOnly && !isProbe(request)) {
      const { status, headers, body } = problemAnswer(PLAIN, request);
      return void reply.status(status).headers(headers).send(body);
    }
    done();
  });
}

const PLAIN = new Forbidden('This service is reached by HTTPS only. What was sent in the clear, passwords and keys above all, should be changed.', 'request.https-required');

/** As this process sees it, or as a trusted proxy says. */
function isHttps(request: FastifyRequest): boolean {
  return request.protocol.toLowerCase() === 'https';
}

/** Probes of health hold no secrets and come from wherever the orchestrator is; metrics are read from this machine. */
function isProbe(request: FastifyRequest): boolean {
  const path = request.url.split('?', 1)[0]!;
  return HEALTH.has(path) || (path === '/metrics' && isLoopback(addressOf(request)) && !isForwarded(request));
}

const HEALTH = new Set(['/health', '/health/live', '/health/ready', '/health/db']);
