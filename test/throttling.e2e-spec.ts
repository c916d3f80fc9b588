import type supertest from 'supertest';
import { Metrics } from '../src/platform/health/metrics.js';
import { RedisConnection } from '../src/platform/redis/redis-connection.js';
import { Api, PASSWORD, SignedInCaller, uniqueName } from './support/api.js';
import { describeWithRedis, RedisServer } from './support/redis.js';
import { until } from './support/until.js';

const LIMITS = { rateLimitSignIn: '5/60', rateLimitRegistration: '2/600', rateLimitPublic: '4/60', rateLimitWrongCredentials: '3/60' };

describe('limits by network', () => {
  let api: Api;
  let name: string;
  let networks = 0;
  beforeEach(async () => {
    api = await Api.start({ ...LIMITS, trustProxy: ['loopback'] });
    name = uniqueName();
    await register(newNetwork(), name).expect(201);
  });
  afterEach(() => api.close());

  const newNetwork = (): string => `198.51.100.${(networks += 1)}`;
  const post = (ip: string, path: string, body?: object): supertest.Test => api.anyone.post(path, body).set('x-forwarded-for', ip);
  const register = (ip: string, username: string): supertest.Test => post(ip, '/auth/register', { username, email: `${username}@example.org`, password: PASSWORD });
  const signIn = (ip: string): supertest.Test => post(ip, '/auth/login', { login: name, password: PASSWORD });
  /** Another name each time: nobody's account is meant. */
  const stranger = (ip: string): supertest.Test => post(ip, '/auth/login', { login: uniqueName(), password: 'surely not this one' });
  const presented = (ip: string, token: string): supertest.Test => api.with(token).get('/users/me').set('x-forwarded-for', ip);

  it('slow one network down that tries and tries, and nobody else: 429 says when to come back', async () => {
    const [guesser, owner] = [newNetwork(), newNetwork()];
    for (let guess = 1; guess <= 5; guess += 1) await stranger(guesser).expect(401);
    const { body, headers } = await signIn(guesser).expect(429).expect('content-type', /application\/problem\+json/);
    expect(body).toMatchObject({ code: 'access.too-many-from-network', status: 429 });
    expect([headers['retry-after'], headers['ratelimit-policy'], headers['ratelimit']]).toEqual(['60', '"sign-in";q=5;w=60', '"sign-in";r=0;t=60']);
    expect(Object.keys(headers).filter((header) => header.startsWith('x-ratelimit'))).toEqual([]);
    await signIn(owner).expect(200);
    api.clock.advanceSeconds(59);
    await signIn(guesser).expect(429).expect('retry-after', '1');
    api.clock.advanceSeconds(1);
    await signIn(guesser).expect(200).expect('ratelimit', '"sign-in";r=4;t=60');
  });

  it('let not one request more through than is allowed, of 20 that come at once', async () => {
    const network = newNetwork();
    const answers = await Promise.all(Array.from({ length: 20 }, () => stranger(network)));
    expect(answers.filter(({ headers }) => headers['ratelimit'] !== '"sign-in";r=0;t=60')).toHaveLength(4);
    expect(answers.filter(({ body }) => (body as { code: string }).code === 'access.too-many-from-network')).toHaveLength(15);
  });

  it('count each class of routes by itself', async () => {
    const network = newNetwork();
    await register(network, uniqueName()).expect(201);
    await register(network, uniqueName()).expect(201);
    await register(network, uniqueName()).expect(429).expect('retry-after', '600');
    for (let time = 0; time < 4; time += 1) await post(network, '/auth/refresh', { refreshToken: 'pvr_invented' }).expect(401);
    await post(network, '/auth/refresh', { refreshToken: 'pvr_invented' }).expect(429);
    await signIn(network).expect(200);
  });

  it('count sign-ins, forgotten passwords and e-mail links together: each is a way to guess or to bother', async () => {
    const network = newNetwork();
    await stranger(network).expect(401);
    await post(network, '/auth/password/forgot', { email: 'nobody@example.org' }).expect(202);
    await post(network, '/auth/password/reset', { token: 'x'.repeat(43), newPassword: PASSWORD });
    await post(network, '/auth/email/verify', { token: 'x'.repeat(43) });
    await post(network, '/auth/email/resend', { email: 'nobody@example.org' }).expect(202);
    await post(network, '/auth/password/forgot', { email: 'nobody@example.org' }).expect(429);
  });

  it('take the addresses of one IPv6 /64 for one network, and IPv4 inside IPv6 for IPv4', async () => {
    for (const ip of ['2001:db8:1:2::1', '2001:db8:1:2:ffff::2', '2001:0DB8:0001:0002::3', '2001:db8:1:2::a', '2001:db8:1:2::b']) await stranger(ip).expect(401);
    await stranger('2001:db8:1:2::4').expect(429);
    await stranger('2001:db8:1:3::1').expect(401);
    for (const ip of ['203.0.113.9', '::ffff:203.0.113.9', '::ffff:cb00:7109', '203.0.113.9:80', '[::ffff:203.0.113.9]']) await stranger(ip).expect(401);
    await stranger('203.0.113.9').expect(429);
  });

  it('count tokens and keys that are none, but never let them keep right ones from working', async () => {
    const network = newNetwork();
    const { body } = await signIn(network).expect(200);
    const forged = `${(body.accessToken as string).slice(0, -4)}AAAA`;
    for (const credential of [forged, 'junk', `pv_live_${'x'.repeat(40)}`]) await presented(network, credential).expect(401);
    await presented(network, forged).expect(429).expect('retry-after', '60').expect('ratelimit', '"wrong-credentials";r=0;t=60');
    await presented(network, 'junk').expect(429);
    const { headers } = await presented(network, body.accessToken as string).expect(200);
    expect(headers).not.toHaveProperty('ratelimit');
    await presented(newNetwork(), forged).expect(401);
  });

  it('do not count tokens that were ours and are over: good programs present them every day', async () => {
    const network = newNetwork();
    const { body } = await signIn(network).expect(200);
    api.clock.advanceSeconds(901);
    for (let time = 0; time < 5; time += 1) expect((await presented(network, body.accessToken as string).expect(401)).body.code).toBe('auth.token-expired');
  });

  it('leave applications with a key and probes alone, however much they ask', async () => {
    const network = newNetwork();
    const { body } = await signIn(network).expect(200);
    const key = await api.withKey(new SignedInCaller(api.url, body as never));
    for (let time = 0; time < 10; time += 1) {
      await key.get('/usage').set('x-forwarded-for', network).expect(200);
      await api.anyone.get('/health/live').set('x-forwarded-for', network).expect(200);
    }
  });

  it('are counted for the operator', async () => {
    const network = newNetwork();
    for (let time = 0; time < 4; time += 1) await register(network, 'no');
    expect(await api.app.get(Metrics).registry.metrics()).toContain('provost_rate_limited_total{limit="registration"} 2');
  });

  it('are off where the setting says 0', async () => {
    await api.close();
    api = await Api.start({ ...LIMITS, rateLimitPublic: '0' });
    for (let time = 0; time < 8; time += 1) await api.anyone.post('/auth/refresh', { refreshToken: 'pvr_invented' }).expect(401);
  });
});

describeWithRedis('limits by network over several instances that share a Redis', () => {
  let redis: RedisServer;
  let instances: Api[];
  beforeEach(async () => {
    redis = await RedisServer.start();
    instances = [];
    for (let instance = 0; instance < 2; instance += 1) instances.push(await Api.start({ ...LIMITS, rateLimitSignIn: '8/60', trustProxy: ['loopback'], redisUrl: redis.url }));
    await until(() => connections().every(({ state }) => state === 'up'));
  });
  afterEach(async () => {
    for (const api of instances) await api.close();
    await redis.stop();
  });

  const connections = (): RedisConnection[] => instances.map((api) => api.app.get(RedisConnection));
  const stranger = (instance: number, ip: string): supertest.Test => instances[instance]!.anyone.post('/auth/login', { login: uniqueName(), password: 'surely not this one' }).set('x-forwarded-for', ip);
  const statuses = async (requests: supertest.Test[]): Promise<number[]> => (await Promise.all(requests)).map(({ status }) => status);

  it('are one limit for all of them, exact however many come at once', async () => {
    // On a busy machine an answer may come, or be read, after the quarter of a second in which Redis has to give it.
    for (const { client } of connections()) Object.assign(client!.options, { commandTimeout: 30_000, socketTimeout: 30_000 });
    const answers = await statuses(Array.from({ length: 20 }, (_, request) => stranger(request % 2, '203.0.113.5')));
    expect([answers.filter((status) => status === 401).length, answers.filter((status) => status === 429).length]).toEqual([8, 12]);
    const { headers } = await stranger(0, '203.0.113.5').expect(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(30);
    await stranger(1, '203.0.113.6').expect(401);
  });

  it('go on without Redis, each instance for itself, and are stricter with sign-ins: so many instances let through no more than one', async () => {
    await redis.stop();
    const one = await statuses(Array.from({ length: 10 }, () => stranger(0, '203.0.113.5')));
    expect([one.filter((status) => status === 401).length, one.filter((status) => status === 429).length]).toEqual([2, 8]);
    const refresh = () => instances[0]!.anyone.post('/auth/refresh', { refreshToken: 'pvr_invented' }).set('x-forwarded-for', '203.0.113.5');
    for (let time = 0; time < 4; time += 1) await refresh().expect(401);
    await refresh().expect(429);
  });

  it('hold while Redis is silent, and are shared again once it answers', async () => {
    redis.pause();
    const answers = await statuses(Array.from({ length: 10 }, () => stranger(0, '203.0.113.7')));
    expect(answers.filter((status) => status === 401)).toHaveLength(2);
    redis.resume();
    // An answer, and not the state: a connection that is about to be given up as silent is still there.
    for (const { client } of connections()) await until(() => client!.ping().then(() => true, () => false));
    const { headers } = await stranger(0, '203.0.113.8').expect(401);
    expect(headers['ratelimit']).toBe('"sign-in";r=7;t=60');
    await stranger(1, '203.0.113.8').expect(401).expect('ratelimit', /"sign-in";r=6;/);
  });
});
