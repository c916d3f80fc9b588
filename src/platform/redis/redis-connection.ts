import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis, RedisOptions } from 'ioredis';
import type { Settings } from '../config/settings.js';

/**
 * No request may hang on what is optional: a command fails at once while there is no connection, and soon when nobody
 * answers. A connection that swallows commands is given up, so that those that follow fail at once.
 */
const OPTIONS: RedisOptions = {
  connectTimeout: 1000,
  commandTimeout: 250,
  socketTimeout: 1000,
  keepAlive: 5000,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  retryStrategy: (attempts) => Math.min(attempts * 100, 1000),
};

/** The way to Redis, where there is one. Whoever uses it says what holds without: Redis may be away at any moment. */
export class RedisConnection implements OnApplicationShutdown {
  /** Undefined without REDIS_URL. */
  readonly client: Redis | undefined;
  private readonly logger = new Logger('Redis');
  private readonly opened: Redis[] = [];
  private wasReady: boolean | undefined;

  /** @param make undefined where there is no Redis */
  private constructor(private readonly make: (() => Redis) | undefined) {
    this.client = this.open();
    if (this.client) this.tellChanges(this.client);
  }

  /** Its library is loaded where it is used: most installations have no Redis. */
  static async to({ redisUrl }: Settings): Promise<RedisConnection> {
    if (redisUrl === undefined) return new RedisConnection(undefined);
    const { Redis: Client } = await import('ioredis');
    return new RedisConnection(() => new Client(redisUrl, OPTIONS));
  }

  /** `unset` without REDIS_URL. */
  get state(): 'unset' | 'up' | 'away' {
    if (!this.client) return 'unset';
    return this.client.status === 'ready' ? 'up' : 'away';
  }

  /** Calls the listener for each message of a channel, on a connection of its own. What is sent while it is away is lost. */
  subscribe(channel: string, listener: () => void): void {
    const subscriber = this.open();
    if (!subscriber) return;
    subscriber.on('error', () => undefined);
    subscriber.on('message', listener);
    subscriber.on('ready', () => void subscriber.subscribe(channel).catch(() => subscriber.disconnect(true)));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.opened.map((redis) => redis.quit().catch(() => redis.disconnect())));
  }

  private open(): Redis | undefined {
    const redis = this.make?.();
    if (redis) this.opened.push(redis);
    return redis;
  }

  private tellChanges(redis: Redis): void {
    let reason = 'the connection was closed';
    // Its message alone: the error of a refused sign-in carries the command, and that the password.
    redis.on('error', (error) => (reason = error.message));
    redis.on('ready', () => {
      this.wasReady = true;
      this.logger.log('Redis answers.');
    });
    redis.on('close', () => {
      if (this.wasReady !== false) this.logger.warn(`Redis does not answer (${reason}); the service goes on without it and keeps trying.`);
      this.wasReady = false;
    });
  }
}
