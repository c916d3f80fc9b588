import { type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Counter } from 'prom-client';
import { Settings } from '../../platform/config/settings.js';
import { Metrics } from '../../platform/health/metrics.js';
import { tellRateLimit } from '../../platform/http/rate-limit-headers.js';
import { addressOf } from '../../platform/network/addresses.js';
import { networkOf } from '../../platform/network/networks.js';
import { Problem } from '../../platform/problems/problem.js';
import { ForgottenProxy } from './forgotten-proxy.js';
import { NetworkCounts } from './network-counts.js';
import type { LimitedClass } from './rate-class.js';
import { rateOf, type RateName } from './rates.js';

/**
 * How often a network may call what needs no credentials. Routes that need them are limited by key and by plan instead,
 * because applications call for many users from one address.
 */
@Injectable()
export class NetworkLimits {
  private readonly refusals: Counter<'limit'>;

  constructor(
    private readonly settings: Settings,
    private readonly counts: NetworkCounts,
    private readonly forgottenProxy: ForgottenProxy,
    { registry }: Metrics,
  ) {
    this.refusals = new Counter({ name: 'provost_rate_limited_total', help: 'Requests that were refused because their network asked too often.', labelNames: ['limit'], registers: [registry] });
  }

  /** Counts a request to a route of this class; throws when it is one too many. */
  count(rateClass: LimitedClass, context: ExecutionContext): Promise<void> {
    return this.add(rateClass, context);
  }

  /** Counts a token or key that is none. Right ones are never counted, so they work from the same network all the same. */
  countWrongCredential(context: ExecutionContext): Promise<void> {
    return this.add('wrong-credentials', context);
  }

  private async add(name: RateName, context: ExecutionContext): Promise<void> {
    const rate = rateOf(this.settings, name);
    if (!rate) return;
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    this.forgottenProxy.lookAt(request);
    const { count, endsInMs } = await this.counts.add(name, networkOf(addressOf(request)), rate.windowSeconds * 1000);
    const resetsInSeconds = Math.max(1, Math.ceil(endsInMs / 1000));
    tellRateLimit(http.getResponse<FastifyReply>(), { name, ...rate, remaining: rate.limit - count, resetsInSeconds });
    if (count <= rate.limit) return;
    this.refusals.inc({ limit: name });
    throw new TooManyFromNetwork(resetsInSeconds);
  }
}

class TooManyFromNetwork extends Problem {
  constructor(retryAfterSeconds: number) {
    super('too-many-requests', 'access.too-many-from-network', 'Too many requests came from this network; try again later.', { retryAfterSeconds });
  }
}
