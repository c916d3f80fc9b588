/** What `provost/middleware` exports. */
export { Caller, type GuardOptions } from './admission.js';
export { Forbidden, InsufficientCredits, LimitReached, type ProblemBody, ProvostError, type Standing, Unauthenticated, Unavailable } from './errors.js';
export { type ExpressMiddleware, type ExpressRequest, expressProvost } from './express.js';
export { type FastifyLike, type FastifyPlugin, fastifyProvost, type FastifyReplyLike, type FastifyRequestLike } from './fastify.js';
export type { Identity, Kind } from './identity.js';
export type { MessageLog } from './message-logs.js';
export { type HttpExceptionClass, type NestContext, type NestGuard, nestProvost, type NestRequest, type NestResponse } from './nest.js';
export type { ProvostOptions, SpoolOptions } from './options.js';
export { provost, Provost, type RequestLike } from './provost.js';
export type { Time } from './time.js';
export type { Cost, Counted, Hold } from './usage.js';
