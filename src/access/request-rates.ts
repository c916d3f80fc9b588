import { type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Clock } from '../platform/clock/clock.js';
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
  private counters = new Map<string, Counter>();

  constructor(private readonly clock: Clock) {}

  count(actor: Actor, context: ExecutionContext): void {
    const limit = actor.requestsPerMinute;
    if (limit === undefined) return;
    const now = Math.floor(this.clock.millis() / 1000);
    const counter = this.counterOf(actor.keyId ?? actor.id, now);
    counter.count += 1;
    const resetsIn = counter.windowStart + WINDOW_SECONDS - now;
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    reply.header('ratelimit-policy', `"requests";q=${limit};w=${WINDOW_SECONDS}`);
    reply.header('ratelimit', `"requests";r=${Math.max(0, limit - counter.count)};t=${resetsIn}`);
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
    super('too-many-requests', 'access.too-many-requests', `This key may make ${limit} requests a minute.`, { retryAfterSeconds });
  }
}
