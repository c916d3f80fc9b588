import { type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Clock } from '../platform/clock/clock.js';
import { tellRateLimit } from '../platform/http/rate-limit-headers.js';
import { Problem } from '../platform/problems/problem.js';
import type { Actor } from './actor.js';

const WINDOW_SECONDS = 60;
const MAX_COUNTERS = 100_000;

interface Counter {
  windowStart: number;
  count: number;
}

/**
 * Requests a minute of keys that have a limit of their own, in fixed windows. Counted in this process: with several
 * instances each allows the limit, which is what a guard against runaway clients needs and no more.
 */
@Injectable()
export class RequestRates {
  private readonly counters = new Map<string, Counter>();

  constructor(private readonly clock: Clock) {}

  /** Counts one request of a key with a limit of its own; throws when it is one too many. */
  count(actor: Actor, context: ExecutionContext): void {
    if (actor.requestsPerMinute !== undefined) this.countAgainst(actor.requestsPerMinute, actor.keyId ?? actor.id, context);
  }

  /** Counts one request against a limit for whoever `id` names. */
  countAgainst(limit: number, id: string, context: ExecutionContext): void {
    const now = Math.floor(this.clock.millis() / 1000);
    const counter = this.counterOf(id, now);
    counter.count += 1;
    const resetsIn = counter.windowStart + WINDOW_SECONDS - now;
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    tellRateLimit(reply, { name: 'requests', limit, windowSeconds: WINDOW_SECONDS, remaining: limit - counter.count, resetsInSeconds: resetsIn });
    if (counter.count > limit) throw new TooManyRequests(limit, resetsIn);
  }

  private counterOf(id: string, now: number): Counter {
    const known = this.counters.get(id);
    if (known && now < known.windowStart + WINDOW_SECONDS) return known;
    if (this.counters.size >= MAX_COUNTERS) this.counters.clear();
    const fresh = { windowStart: now, count: 0 };
    this.counters.set(id, fresh);
    return fresh;
  }
}

class TooManyRequests extends Problem {
  constructor(limit: number, retryAfterSeconds: number) {
    super('too-many-requests', 'access.too-many-requests', `Not more than ${limit} requests a minute.`, { retryAfterSeconds });
  }
}
