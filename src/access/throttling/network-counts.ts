import { Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { Clock } from '../../platform/clock/clock.js';
import { RedisConnection } from '../../platform/redis/redis-connection.js';
import { type Counted, LocalCounts } from './local-counts.js';
import type { RateName } from './rates.js';

const NETWORKS_REMEMBERED = 20_000;
/** While processes cannot add up their counts, a sign-in counts as often: so many of them let through no more than one would. */
const SIGN_INS_FOR_ONE = 4;

/** One step for all instances: counts, and opens the window with the first of it. */
const ADD = `
local count = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  left = tonumber(ARGV[1])
end
return {count, left}`;

/**
 * How often each network has called: in Redis where several instances share one, else in this process. While Redis is
 * away each process counts for itself, and is stricter with sign-ins than it would be alone.
 */
@Injectable()
export class NetworkCounts {
  private readonly local = new LocalCounts(NETWORKS_REMEMBERED);

  constructor(
    private readonly redis: RedisConnection,
    private readonly clock: Clock,
  ) {}

  async add(name: RateName, network: string, windowMs: number): Promise<Counted> {
    const { client } = this.redis;
    if (!client) return this.addHere(name, network, windowMs, 1);
    try {
      return await addShared(client, `provost:rate:${name}:${network}`, windowMs);
    } catch {
      return this.addHere(name, network, windowMs, name === 'sign-in' ? SIGN_INS_FOR_ONE : 1);
    }
  }

  private addHere(name: RateName, network: string, windowMs: number, times: number): Counted {
    return this.local.add(name, network, times, { windowMs, now: this.clock.millis() });
  }
}

async function addShared(client: Redis, key: string, windowMs: number): Promise<Counted> {
  const [count, endsInMs] = (await client.eval(ADD, 1, key, windowMs)) as [number, number];
  return { count, endsInMs };
}
