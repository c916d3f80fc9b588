import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { addressOf } from '../platform/network/addresses.js';
import { Problem } from '../platform/problems/problem.js';
import { Forbidden, Unauthenticated } from '../platform/problems/problems.js';
import { type ActingRequest, type Actor, originOf } from './actor.js';
import { Authenticators } from './authenticators.js';
import { Impersonation, isWrite, ReadOnly } from './impersonation.js';
import { NetworkRules } from './network-rules.js';
import { StillPending } from './pending.js';
import type { Permission } from './permission.js';
import { RequestRates } from './request-rates.js';
import { type RouteRule, ruleOf, serves } from './route-rules.js';
import { NetworkLimits } from './throttling/network-limits.js';

/** The global guard: a route is open to nobody, to everybody (`@Public`) or to holders of a permission (`@Requires`). */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly authenticators: Authenticators,
    private readonly rates: RequestRates,
    private readonly limits: NetworkLimits,
    private readonly networks: NetworkRules,
    private readonly impersonation: Impersonation,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = ruleOf(context.getHandler(), context.getClass());
    if (rule.isPublic && rule.audience) this.networks.admit(rule.audience, addressOf(context.switchToHttp().getRequest()));
    if (rule.rateClass) await this.limits.count(rule.rateClass, context);
    const request = context.switchToHttp().getRequest<ActingRequest>();
    if (rule.isPublic) return this.admitAnyone(request);
    if (!rule.permission && !rule.anyCaller) throw new Forbidden('This route is closed.');
    const actor = await this.actorOf(request, rule, context);
    if (actor.impersonator) this.impersonation.admit(actor, rule, request);
    if (!serves(rule, actor.kind)) throw new WrongAudience();
    this.networks.admit(actor.kind, actor.origin.ip);
    if (actor.pending && !rule.openWhile.includes(actor.pending)) throw new StillPending(actor.pending);
    if (rule.permission && !actor.permissions.has(rule.permission)) throw new MissingPermission(rule.permission, actor);
    this.rates.count(actor, context);
    if (actor.impersonator) await this.impersonation.noteRead(actor, request);
    request.actor = actor;
    return true;
  }

  /** Routes that need no credential may still go by one: see to it that one which may not write writes nothing. */
  private admitAnyone(request: FastifyRequest): true {
    const credential = isWrite(request.method) ? credentialOf(request) : undefined;
    if (credential !== undefined && this.authenticators.for(credential)?.saysReadOnly?.(credential)) throw new ReadOnly();
    return true;
  }

  private async actorOf(request: FastifyRequest, { servesOutage }: RouteRule, context: ExecutionContext): Promise<Actor> {
    try {
      return await this.identify(request, servesOutage);
    } catch (error) {
      if (error instanceof Problem && NEVER_OURS.has(error.code)) await this.limits.countWrongCredential(context);
      throw error;
    }
  }

  private identify(request: FastifyRequest, servesOutage: boolean): Promise<Actor> {
    const credential = credentialOf(request);
    if (credential === undefined) throw new Unauthenticated('auth.required', 'Sign in, or send an API key: Authorization: Bearer <token or key>.');
    const authenticator = credential.length <= MAX_CREDENTIAL ? this.authenticators.for(credential) : undefined;
    if (!authenticator) throw new Unauthenticated('auth.invalid-token', 'This is neither a valid access token nor a valid API key.', 'invalid_token');
    return authenticator.authenticate(credential, originOf(request), { servesOutage });
  }
}

const MAX_CREDENTIAL = 4096;
/** Invented or broken. A token that has expired or whose session ended is what good programs present every day. */
const NEVER_OURS = new Set(['auth.invalid-token', 'api-keys.invalid']);

function credentialOf({ headers }: FastifyRequest): string | undefined {
  const { authorization } = headers;
  if (authorization !== undefined) {
    return /^bearer /i.test(authorization) ? authorization.slice(7).trim() : '';
  }
  const key = headers['x-api-key'];
  return typeof key === 'string' ? key : undefined;
}

export class MissingPermission extends Problem {
  constructor(permission: Permission, actor: Actor) {
    const what = actor.keyId ? 'This key lacks the scope' : 'This account lacks the permission';
    super('forbidden', 'access.missing-permission', `${what} "${permission}".`, { extensions: { permission } });
  }
}

/** A credential of one kind of principal is worth nothing where another kind is served. */
class WrongAudience extends Unauthenticated {
  constructor() {
    super('auth.wrong-audience', 'This credential is for another part of the service.', 'invalid_token');
  }
}
