import { admit, type Caller, type GuardOptions, type ResponseEnd } from './admission.js';
import { pathOf, refusalHeaders } from './answers.js';
import { ProvostError } from './errors.js';
import type { Provost, RequestLike } from './provost.js';

export interface FastifyRequestLike extends RequestLike {
  readonly url: string;
  provost?: Caller | null;
}

export interface FastifyReplyLike {
  readonly raw: ResponseEnd;
  code(status: number): unknown;
  headers(values: Record<string, string>): unknown;
  send(body: string): unknown;
}

export interface FastifyLike<Request> {
  hasRequestDecorator(name: string): boolean;
  decorateRequest(name: string, value: null): unknown;
  addHook(name: 'onRequest' | 'preHandler', hook: (request: Request, reply: FastifyReplyLike) => Promise<unknown>): unknown;
}

export type FastifyPlugin<Request> = (instance: FastifyLike<Request>, options: object, done: () => void) => void;

/**
 * A plugin that guards all routes of the scope it is registered in; handlers find the caller at `request.provost`. Callers are checked
 * before their bodies are read, and what a request costs is counted after it was found to be well-formed.
 */
export function fastifyProvost<Request extends FastifyRequestLike = FastifyRequestLike>(provost: Provost, options: GuardOptions<Request> = {}): FastifyPlugin<Request> {
  const plugin: FastifyPlugin<Request> = (instance, _, done) => {
    if (!instance.hasRequestDecorator('provost')) instance.decorateRequest('provost', null);
    instance.addHook('onRequest', guarded(async (request) => {
      request.provost = await admit(provost, request, options);
    }));
    instance.addHook('preHandler', guarded(async (request, reply) => {
      const caller = request.provost!;
      await caller.pay(request, options);
      caller.settleAfter(reply.raw);
      reply.headers({ ...caller.headers });
    }));
    done();
  };
  // Fastify's sign that the hooks are for the scope around the plugin, not for a scope of its own.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true });
}

type Hook<Request> = (request: Request, reply: FastifyReplyLike) => Promise<unknown>;

function guarded<Request extends FastifyRequestLike>(work: (request: Request, reply: FastifyReplyLike) => Promise<void>): Hook<Request> {
  return async (request, reply) => {
    try {
      await work(request, reply);
      return undefined;
    } catch (error) {
      if (!(error instanceof ProvostError)) throw error;
      reply.code(error.status);
      reply.headers(refusalHeaders(error));
      reply.send(JSON.stringify(error.body(pathOf(request.url))));
      return reply;
    }
  };
}
