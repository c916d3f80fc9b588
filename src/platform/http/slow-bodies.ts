import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { Settings } from '../config/settings.js';
import { refuseBrokenRequest } from './broken-requests.js';

const LOOKS_EVERY_MS = 1000;

/**
 * Cuts off requests that arrive too slowly. Node knows one limit for all, which has to be that of files; what holds for the rest
 * is seen to here, by a look at all connections once a second: a timer for each request would cost every one of them.
 */
export function cutSlowBodies(app: NestFastifyApplication, { requestTimeoutSeconds }: Settings): void {
  const arriving = new Arriving(requestTimeoutSeconds);
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', hook((request) => arriving.expect(request)));
  fastify.addHook('onRoute', (route: RouteOptions) => {
    const { streamed } = (route.config ?? {}) as { streamed?: boolean };
    if (streamed) route.onRequest = [route.onRequest ?? [], hook((request) => arriving.allow(request))].flat();
  });
  const looks = setInterval(() => arriving.look(), LOOKS_EVERY_MS).unref();
  fastify.addHook('onClose', (_instance: unknown, done: () => void) => {
    clearInterval(looks);
    done();
  });
}

function hook(each: (request: IncomingMessage) => void) {
  return ({ raw }: FastifyRequest, _reply: FastifyReply, done: () => void): void => {
    each(raw);
    done();
  };
}

/** Requests of which something is still to come: one a connection, since the next is read when the one before is there. */
class Arriving {
  private readonly requests = new Map<Socket, IncomingMessage>();
  /** How many looks have found a request unfinished. */
  private found = new Map<IncomingMessage, number>();

  constructor(private readonly mostLooks: number) {}

  expect(request: IncomingMessage): void {
    if (!request.complete) this.requests.set(request.socket, request);
  }

  allow({ socket }: IncomingMessage): void {
    this.requests.delete(socket);
  }

  look(): void {
    const before = this.found;
    this.found = new Map();
    for (const [socket, request] of this.requests) {
      const looks = (before.get(request) ?? 0) + 1;
      if (request.complete || socket.destroyed) this.requests.delete(socket);
      else if (looks <= this.mostLooks) this.found.set(request, looks);
      else this.cut(socket);
    }
  }

  private cut(socket: Socket): void {
    this.requests.delete(socket);
    refuseBrokenRequest(Object.assign(new Error(), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket);
  }
}
