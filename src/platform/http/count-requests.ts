import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { HttpMetrics } from './http-metrics.js';

/** Asked every few seconds by machines: they would drown what people and applications ask. */
const PROBES = /^\/(?:health|metrics)(?:\/|$)/;

/** Counts and times every request. Each route has a hook of its own, which knows where to count: nothing is looked up. */
export function countRequests(app: NestFastifyApplication): void {
  const metrics = app.get(HttpMetrics);
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', (route: RouteOptions) => {
    if (PROBES.test(route.url)) return;
    const { streamed, untimed } = (route.config ?? {}) as { streamed?: boolean; untimed?: boolean };
    const figures = metrics.route(methodOf(route), route.url, !streamed && !untimed);
    const count = (_request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
      figures.add(reply.statusCode, reply.elapsedTime);
      done();
    };
    route.onResponse = [route.onResponse ?? [], count].flat();
  });
  fastify.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    if (request.is404) metrics.unmatched.add(reply.statusCode, reply.elapsedTime);
    done();
  });
}

/** Routes that take every method are counted as one. */
function methodOf({ method }: RouteOptions): string {
  return typeof method === 'string' ? method : method.length === 1 ? method[0]! : 'any';
}
