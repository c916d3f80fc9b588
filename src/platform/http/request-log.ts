import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Settings } from '../config/settings.js';
import { addressOf } from '../network/addresses.js';

/** One line a request, by setting. The query is left out: it may hold what nobody should read in a log. */
export function logRequests(app: NestFastifyApplication, logger: Logger, settings: Settings): void {
  if (settings.logRequests === 'none') return;
  const errorsOnly = settings.logRequests === 'errors';
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    const status = reply.statusCode;
    if (status >= 400 || !errorsOnly) {
      const line = { requestId: request.id, method: request.method, path: request.url.split('?', 1)[0], status, ms: Math.round(reply.elapsedTime * 10) / 10, ip: addressOf(request) };
      if (status >= 500) logger.error(line, 'request');
      else logger.info(line, 'request');
    }
    done();
  });
}
