import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { addressOf } from '../platform/network/addresses.js';
import type { Pending } from './pending.js';
import type { Permission, PrincipalKind, StaffLevel } from './permission.js';

/** Who is calling, as the verified credential says; never from the body or the query. */
export interface Actor {
  readonly kind: PrincipalKind;
  /** The principal's id; for a service key the id of the key. */
  readonly id: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly origin: Origin;
  /** Set when a signed-in session is calling. */
  readonly sessionId?: string;
  /** Set when an API key or service key is calling. */
  readonly keyId?: string;
  /** The key's own limit of requests a minute. */
  readonly requestsPerMinute?: number;
  /** The user's time zone, where looking up the credential has told it. */
  readonly timeZone?: string;
  /** Of a staff member. */
  readonly level?: StaffLevel;
  /** The admin who acts as this user, and may only look. */
  readonly impersonator?: Impersonator;
  /** The only thing this principal may do until it is done. */
  readonly pending?: Pending;
}

export interface Impersonator {
  readonly id: string;
}

/** Where a request comes from, for audit rows and sign-in history. */
export interface Origin {
  readonly ip: string;
  readonly userAgent: string;
  readonly requestId: string;
}

export interface ActingRequest extends FastifyRequest {
  actor?: Actor;
}

export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { actor } = context.switchToHttp().getRequest<ActingRequest>();
  if (!actor) throw new Error('CurrentActor on a route without @Requires');
  return actor;
});

export const RequestOrigin = createParamDecorator((_: unknown, context: ExecutionContext): Origin => originOf(context.switchToHttp().getRequest<FastifyRequest>()));

export function originOf(request: FastifyRequest): Origin {
  return { ip: addressOf(request), userAgent: (request.headers['user-agent'] ?? '').slice(0, 512), requestId: String(request.id) };
}
