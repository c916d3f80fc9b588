import { setTimeout as pause } from 'node:timers/promises';
import { RedisConnection } from '../src/platform/redis/redis-connection.js';
import { Api } from './support/api.js';
import { BuiltService, environmentOf } from './support/built.js';
import { describeWithRedis, RedisServer } from './support/redis.js';
import { migratedDatabase } from './support/migrated-database.js';
import type { Scratch } from './support/scratch-database.js';
import { until } from './support/until.js';

describeWithRedis('with REDIS_URL', () => {
  let redis: RedisServer;
  let api: Api;
  beforeAll(async () => {
    redis = await RedisServer.start();
    api = await Api.start({ redisUrl: redis.url });
    await until(() => state() === 'up');
  });
  afterAll(async () => {
    await api.close();
    await redis.stop();
  });
  const state = (): string => api.app.get(RedisConnection).state;
  /** Timers of one process go off in the order in which they are due, however late: what else the machine does decides nothing. */
  const outcomeWithin = (limitMs: number, send: () => Promise<unknown>): Promise<unknown> => {
    const late = pause(limitMs, 'still waiting', { ref: false });
    return Promise.race([send().then(() => 'answered', () => 'refused'), late]);
  };

  it('tells in /health whether Redis is there, and is healthy and ready without it', async () => {
    expect((await api.anyone.get('/health').expect(200)).body.checks.redis).toEqual({ status: 'up' });
    await redis.stop();
    await until(() => state() === 'away');
    expect((await api.anyone.get('/health').expect(200)).body.checks.redis).toEqual({ status: 'away' });
    await api.anyone.get('/health/ready').expect(200);
    await redis.start();
    await until(() => state() === 'up');
  });

  it('never lets a command hang: refused soon by a Redis that falls silent, at once after that, and well again by itself', async () => {
    const { client } = api.app.get(RedisConnection);
    redis.pause();
    expect(await outcomeWithin(600, () => client!.incr('x'))).toBe('refused');
    await until(() => state() === 'away');
    expect(await outcomeWithin(100, () => client!.incr('x'))).toBe('refused');
    redis.resume();
    await until(() => state() === 'up');
    await expect(client!.set('x', 1)).resolves.toBe('OK');
  });
});

describeWithRedis('a built service with REDIS_URL', () => {
  let scratch: Scratch;
  beforeAll(async () => {
    scratch = await migratedDatabase();
  });
  afterAll(() => scratch.drop());

  it('starts while Redis is away, says so once, says when it is back, and never says the password', async () => {
    const redis = await RedisServer.start();
    await redis.stop();
    const service = await BuiltService.start({ ...environmentOf(scratch), REDIS_URL: redis.url, LOG_LEVEL: 'info' });
    await until(() => /Redis does not answer/.test(service.output));
    await redis.start();
    await until(() => /Redis answers/.test(service.output));
    await redis.stop();
    await until(() => service.output.match(/Redis does not answer/g)?.length === 2);
    expect(await service.stop()).toBe(0);
    expect(service.output).not.toContain('a-password-for-tests');
  });

  it('does not tell the password when Redis refuses it', async () => {
    const redis = await RedisServer.start();
    const service = await BuiltService.start({ ...environmentOf(scratch), REDIS_URL: redis.url.replace('for-tests', 'that-is-wrong') });
    await until(() => /Redis does not answer/.test(service.output));
    expect(service.output).toMatch(/WRONGPASS/);
    expect(service.output).not.toContain('that-is-wrong');
    await service.stop();
    await redis.stop();
  });
});
