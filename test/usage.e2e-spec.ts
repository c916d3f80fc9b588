import type supertest from 'supertest';
import { Permission } from '../src/access/permission.js';
import { SYSTEM } from '../src/audit/audit.service.js';
import { AccountsService } from '../src/usage/accounts.service.js';
import { DailyReset } from '../src/usage/daily-reset.js';
import { LedgerEntry } from '../src/usage/ledger-entry.entity.js';
import { PlansService } from '../src/usage/plans.service.js';
import { UsageAccount } from '../src/usage/usage-account.entity.js';
import { Jobs } from '../src/platform/jobs/jobs.js';
import { Api, type SignedInCaller } from './support/api.js';

const statusCounts = (answers: { status: number }[]): Record<number, number> =>
  answers.reduce<Record<number, number>>((counts, { status }) => ({ ...counts, [status]: (counts[status] ?? 0) + 1 }), {});

const times = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: count }, (_, index) => make(index)));

async function withCredits(api: Api, user: SignedInCaller, credits: number): Promise<void> {
  await api.app.get(AccountsService).grantCredits(SYSTEM, user.user.id, credits, 'test');
}

async function ledgerOf(api: Api, userId: string): Promise<{ sum: number; balance: number }> {
  const entries = await api.db.findBy(LedgerEntry, { userId });
  const { balance } = await api.db.findOneByOrFail(UsageAccount, { userId });
  return { sum: entries.reduce((sum, { amount }) => sum + amount, 0), balance };
}

describe('consumption', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start();
  });
  afterAll(() => api.close());

  it('grants exactly 100 of 1,000 that come at once against a limit of 100', async () => {
    const ada = await api.signedIn();
    const key = await api.withKey(ada);
    const answers = await times(1000, () => fetch(`${api.url}/api/v1/usage/consume`, { method: 'POST', headers: { authorization: `Bearer ${key.key}` } }));
    expect(statusCounts(answers)).toEqual({ 200: 100, 429: 900 });
    const { body } = await key.get('/usage').expect(200);
    expect(body.limits).toEqual([{ name: 'conversations', limit: 100, used: 100, remaining: 0, resetsAt: '2026-03-03T00:00:00.000Z' }]);
  });

  it('never spends credits that are not there, and the ledger adds up to the balance', async () => {
    const ada = await api.signedIn();
    await withCredits(api, ada, 100);
    let granted = 0;
    for (let round = 0; round < 10; round += 1) {
      const answers = await times(20, () => ada.post('/usage/consume', { conversations: 0, credits: 3 }));
      granted += statusCounts(answers)[200] ?? 0;
      expect(Object.keys(statusCounts(answers)).every((status) => ['200', '402'].includes(status))).toBe(true);
    }
    expect(granted).toBe(33);
    expect(await ledgerOf(api, ada.user.id)).toEqual({ sum: 1, balance: 1 });
  });

  it('counts for many users at once without mixing them up', async () => {
    const users = await times(8, () => api.signedIn());
    await times(160, (index) => users[index % 8]!.post('/usage/consume', { conversations: 1 + (index % 8) }));
    for (const [index, user] of users.entries()) {
      const { body } = await user.get('/usage').expect(200);
      expect(body.limits[0].used).toBe(Math.min(20 * (1 + index), Math.floor(100 / (1 + index)) * (1 + index)));
    }
  });

  it('answers a refusal with the same members, with when to come back, and spends nothing', async () => {
    const ada = await api.signedIn();
    await ada.post('/usage/consume', { conversations: 99 }).expect(200).expect('ratelimit-policy', '"conversations";q=100;w=86400').expect('ratelimit', '"conversations";r=1;t=43200');
    const { body } = await ada.post('/usage/consume', { conversations: 2 }).expect(429).expect('retry-after', '43200');
    expect(body).toMatchObject({ code: 'usage.limit-reached', limits: [{ used: 99, remaining: 1 }], credits: { balance: 0 } });
    const { body: poor } = await ada.post('/usage/consume', { credits: 1 }).expect(402);
    expect(poor).toMatchObject({ code: 'usage.insufficient-credits', limits: [{ used: 99 }], credits: { balance: 0 } });
    await ada.post('/usage/consume').expect(200);
  });

  it.each([
    [{ conversations: -1 }, 'conversations'],
    [{ conversations: 1.5 }, 'conversations'],
    [{ conversations: '1' }, 'conversations'],
    [{ conversations: 1e20 }, 'conversations'],
    [{ credits: -5 }, 'credits'],
    [{ credits: 1e15 }, 'credits'],
    [{ conversations: 0 }, 'conversations'],
    [{ conversations: null }, 'conversations'],
    [{ amount: 1 }, 'amount'],
    [{ userId: 'me' }, 'userId'],
  ])('refuses %j and names the field', async (flaw, field) => {
    const ada = await api.signedIn();
    const { body } = await ada.post('/usage/consume', flaw).expect(400);
    expect(Object.keys(body.errors)).toEqual([field]);
  });

  it('for another user is for service keys alone', async () => {
    const [ada, eve] = [await api.signedIn(), await api.signedIn()];
    await eve.post('/usage/consume', { userId: ada.user.id }).expect(403);
    const service = await api.serviceKey(Permission.UsageConsume, Permission.UsageRead);
    await service.post('/usage/consume', { userId: ada.user.id }).expect(200);
    await service.post('/usage/consume').expect(400);
    await service.post('/usage/consume', { userId: '0190f3f3-0000-7000-8000-000000000000' }).expect(404);
    expect((await ada.get('/usage').expect(200)).body.limits[0].used).toBe(1);
    expect((await eve.get('/usage').expect(200)).body.limits[0].used).toBe(0);
  });

  it('keeps the days that are over, and a statement that pages', async () => {
    const ada = await api.signedIn();
    await withCredits(api, ada, 50);
    const { day: firstDay } = (await ada.get('/usage')).body;
    for (let spent = 0; spent < 5; spent += 1) await ada.post('/usage/consume', { conversations: 2, credits: 5 }).expect(200);
    api.clock.advanceSeconds(2 * 86_400);
    const fresh = api.with((await api.anyone.post('/auth/refresh', { refreshToken: ada.refreshToken }).expect(200)).body.accessToken);
    await fresh.post('/usage/consume').expect(200);
    const { day: today } = (await fresh.get('/usage')).body;
    expect((await fresh.get('/usage/history')).body.data).toEqual([{ day: firstDay, conversations: 10, credits: 25 }, { day: today, conversations: 1, credits: 0 }]);
    const { body: first } = await fresh.get('/usage/statement?limit=4').expect(200);
    expect(first.data.map(({ amount, balanceAfter }: Record<string, number>) => [amount, balanceAfter])).toEqual([[-5, 25], [-5, 30], [-5, 35], [-5, 40]]);
    const { body: second } = await fresh.get(`/usage/statement?limit=4&cursor=${first.nextCursor}`).expect(200);
    expect(second.data.map(({ amount }: Record<string, number>) => amount)).toEqual([-5, 50]);
    expect(second.nextCursor).toBeNull();
    const { body: back } = await fresh.get(`/usage/statement?limit=4&cursor=${second.prevCursor}`).expect(200);
    expect(back.data).toEqual(first.data);
    await fresh.get('/usage/statement?cursor=nonsense').expect(400);
    await fresh.get('/usage/statement?sort=amount').expect(400);
    await fresh.get('/usage/history?from=2026-02-30').expect(400);
    await fresh.get('/usage/history?from=2020-01-01').expect(400);
    await fresh.get('/usage/statement?limit=101').expect(400);
  });
});

describe('a repeated request', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start();
  });
  afterAll(() => api.close());

  it('has one effect and one answer, however many come at once', async () => {
    const ada = await api.signedIn();
    const answers = await times(20, () => ada.post('/usage/consume', { conversations: 3 }).set('idempotency-key', 'one'));
    expect(statusCounts(answers)).toEqual({ 200: 20 });
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(19);
    expect((await ada.get('/usage')).body.limits[0].used).toBe(3);
  });

  it('with another body, or at another route, is a conflict', async () => {
    const ada = await api.signedIn();
    await ada.post('/usage/consume', { conversations: 1 }).set('idempotency-key', 'two').expect(200);
    const { body } = await ada.post('/usage/consume', { conversations: 2 }).set('idempotency-key', 'two').expect(409);
    expect(body.code).toBe('idempotency.other-request');
    await ada.post('/usage/reservations', { conversations: 1 }).set('idempotency-key', 'two').expect(409);
    const eve = await api.signedIn();
    await eve.post('/usage/consume', { conversations: 2 }).set('idempotency-key', 'two').expect(200);
  });

  it('may succeed after a refusal, because a refusal had no effect', async () => {
    const ada = await api.signedIn();
    await ada.post('/usage/consume', { credits: 5 }).set('idempotency-key', 'three').expect(402);
    await withCredits(api, ada, 5);
    await ada.post('/usage/consume', { credits: 5 }).set('idempotency-key', 'three').expect(200);
    await ada.post('/usage/consume', { credits: 5 }).set('idempotency-key', 'three').expect(200);
    expect(await ledgerOf(api, ada.user.id)).toEqual({ sum: 0, balance: 0 });
  });

  it('is a new request once the answer is forgotten', async () => {
    const ada = await api.signedIn();
    await ada.post('/usage/consume').set('idempotency-key', 'four').expect(200);
    api.clock.advanceSeconds(24 * 3600 + 1);
    const { body } = await api.anyone.post('/auth/refresh', { refreshToken: ada.refreshToken });
    await api.with(body.accessToken).post('/usage/consume').set('idempotency-key', 'four').expect(200);
    expect((await api.with(body.accessToken).get('/usage/history')).body.data).toHaveLength(2);
    await api.app.get(Jobs).run('idempotency.purge');
  });

  it('must have a key that fits', async () => {
    const ada = await api.signedIn();
    await ada.post('/usage/consume').set('idempotency-key', 'x'.repeat(256)).expect(400);
    await ada.post('/usage/consume').set('idempotency-key', 'a b').expect(400);
  });
});

describe('a reservation', () => {
  let api: Api;
  let ada: SignedInCaller;
  beforeAll(async () => {
    api = await Api.start();
  });
  beforeEach(async () => {
    ada = await api.signedIn();
    await withCredits(api, ada, 100);
  });
  afterAll(() => api.close());

  const balance = async () => (await ada.get('/usage').expect(200)).body.credits.balance as number;

  it('holds at once and charges in the end what it cost', async () => {
    const { body } = await ada.post('/usage/reservations', { credits: 60 }).expect(201);
    expect(body).toMatchObject({ status: 'held', reservedCredits: 60, credits: { balance: 40 }, limits: [{ used: 1 }] });
    await ada.post('/usage/reservations', { credits: 41 }).expect(402);
    const { body: settled } = await ada.post(`/usage/reservations/${body.id}/settle`, { credits: 25 }).expect(200);
    expect(settled).toMatchObject({ status: 'settled', settledCredits: 25, credits: { balance: 75 } });
    expect(await ledgerOf(api, ada.user.id)).toEqual({ sum: 75, balance: 75 });
  });

  it('may cost more than it held if the balance allows, and stays held if not', async () => {
    const { body } = await ada.post('/usage/reservations', { credits: 60 }).expect(201);
    await ada.post(`/usage/reservations/${body.id}/settle`, { credits: 101 }).expect(402);
    expect(await balance()).toBe(40);
    await ada.post(`/usage/reservations/${body.id}/settle`, { credits: 100 }).expect(200);
    expect(await balance()).toBe(0);
  });

  it('is settled or released once, whoever is first of twenty', async () => {
    const { body } = await ada.post('/usage/reservations', { credits: 60 }).expect(201);
    const answers = await times(20, (index) => (index % 2 ? ada.post(`/usage/reservations/${body.id}/settle`, { credits: 10 }) : ada.post(`/usage/reservations/${body.id}/release`)));
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
    const { sum, balance: left } = await ledgerOf(api, ada.user.id);
    expect(sum).toBe(left);
    expect([90, 100]).toContain(left);
  });

  it('gives everything back when it is released, the conversation too', async () => {
    const { body } = await ada.post('/usage/reservations', { credits: 60, conversations: 5 }).expect(201);
    await ada.post(`/usage/reservations/${body.id}/release`).expect(204);
    const { body: usage } = await ada.get('/usage').expect(200);
    expect(usage).toMatchObject({ credits: { balance: 100 }, limits: [{ used: 0 }] });
  });

  it('frees itself when its lease runs out: before anybody is refused for it, or by the job', async () => {
    const { body } = await ada.post('/usage/reservations', { credits: 100, conversations: 100, ttlSeconds: 60 }).expect(201);
    await ada.post('/usage/consume').expect(429);
    api.clock.advanceSeconds(60);
    await ada.post('/usage/consume', { credits: 100 }).expect(200);
    await ada.post(`/usage/reservations/${body.id}/settle`, { credits: 1 }).expect(409);
    const bob = await api.signedIn();
    await withCredits(api, bob, 10);
    await bob.post('/usage/reservations', { credits: 10, ttlSeconds: 5 }).expect(201);
    api.clock.advanceSeconds(5);
    expect((await api.app.get(Jobs).run('usage.free-reservations'))?.report).toEqual({ users: 1 });
    expect(await ledgerOf(api, bob.user.id)).toEqual({ sum: 10, balance: 10 });
  });

  it("of somebody else is not there", async () => {
    const { body } = await ada.post('/usage/reservations', { credits: 10 }).expect(201);
    const eve = await api.signedIn();
    await eve.post(`/usage/reservations/${body.id}/settle`, { credits: 0 }).expect(404);
    await eve.post(`/usage/reservations/${body.id}/release`).expect(404);
    await eve.post('/usage/reservations/0190f3f3-0000-7000-8000-000000000000/release').expect(404);
    expect(await balance()).toBe(90);
  });
});

describe('plans and overrides', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start();
  });
  afterAll(() => api.close());

  it('say which rule decided a number and until when', async () => {
    const ada = await api.signedIn();
    const accounts = api.app.get(AccountsService);
    expect((await ada.get('/usage/limits')).body.data[0]).toMatchObject({ name: 'conversations', limit: 100, decidedBy: 'default-plan', plan: 'free', until: null });
    await api.app.get(PlansService).set(SYSTEM, 'pro', { conversationsPerDay: null, creditsPerMonth: 1000, features: { models: ['large'] } });
    await accounts.assignPlan(SYSTEM, ada.user.id, 'pro');
    expect((await ada.get('/usage/limits')).body).toMatchObject({ data: [{ limit: null, decidedBy: 'plan', plan: 'pro' }, { name: 'credits', limit: 1000, resetsAt: '2026-04-01T00:00:00.000Z' }, { name: 'requests', limit: null }], features: { models: ['large'] } });
    const until = new Date(api.clock.millis() + 3_600_000);
    await accounts.override(SYSTEM, ada.user.id, { conversationsPerDay: 2 }, until, 'a test');
    expect((await ada.get('/usage/limits')).body.data[0]).toMatchObject({ limit: 2, decidedBy: 'override', until: until.toISOString() });
    await ada.post('/usage/consume', { conversations: 3 }).expect(429);
    api.clock.set(until.toISOString());
    const again = api.with((await api.anyone.post('/auth/refresh', { refreshToken: ada.refreshToken })).body.accessToken);
    await again.post('/usage/consume', { conversations: 3 }).expect(200);
  });

  it('limit requests a minute for all of a user\'s credentials together', async () => {
    const ada = await api.signedIn();
    await api.app.get(PlansService).set(SYSTEM, 'slow', { conversationsPerDay: 10, creditsPerMonth: 0, requestsPerMinute: 3 });
    await api.app.get(AccountsService).assignPlan(SYSTEM, ada.user.id, 'slow');
    const key = await api.withKey(ada);
    api.clock.advanceSeconds(61);
    await ada.get('/usage').expect(200).expect('ratelimit-policy', '"requests";q=3;w=60');
    await key.get('/usage').expect(200);
    await key.get('/usage').expect(200);
    await ada.get('/usage').expect(429);
  });

});

describe('plan credits', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start();
  });
  afterAll(() => api.close());

  it('are refilled when the month turns, what was left of them ends, and what was granted stays', async () => {
    api.clock.set('2026-03-30T12:00:00Z');
    const [ada, bob] = [await api.signedIn(), await api.signedIn()];
    await api.app.get(PlansService).set(SYSTEM, 'monthly', { conversationsPerDay: null, creditsPerMonth: 100 });
    for (const user of [ada, bob]) {
      await api.app.get(AccountsService).assignPlan(SYSTEM, user.user.id, 'monthly');
      await withCredits(api, user, 7);
    }
    api.clock.set('2026-04-01T00:00:00Z');
    const renewed = async (user: SignedInCaller) => api.with((await api.anyone.post('/auth/refresh', { refreshToken: user.refreshToken })).body.accessToken);
    const adaAgain = await renewed(ada);
    await adaAgain.post('/usage/consume', { conversations: 0, credits: 30 }).expect(200);
    expect(await ledgerOf(api, ada.user.id)).toEqual({ sum: 77, balance: 77 });
    const { body } = await adaAgain.get('/usage/statement');
    expect(body.data.map(({ kind, amount }: { kind: string; amount: number }) => [kind, amount])).toEqual([['spend', -30], ['grant', 100], ['grant', 7]]);
    const job = api.app.get(DailyReset);
    expect(await job.run()).toEqual({ touched: 1, refilled: 1, overridesEnded: 0 });
    expect(await job.run()).toEqual({ touched: 0, refilled: 0, overridesEnded: 0 });
    expect(await ledgerOf(api, bob.user.id)).toEqual({ sum: 107, balance: 107 });
    api.clock.set('2026-05-01T00:00:00Z');
    expect(await job.run()).toMatchObject({ touched: 2, refilled: 2 });
    expect(await ledgerOf(api, ada.user.id)).toEqual({ sum: 107, balance: 107 });
    expect(await ledgerOf(api, bob.user.id)).toEqual({ sum: 107, balance: 107 });
  });
});

describe('verification', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start();
  });
  afterAll(() => api.close());

  it('tells an application who is behind a token or a key, and why one is dead', async () => {
    const ada = await api.signedIn();
    const key = await api.withKey(ada, { scopes: [Permission.UsageConsume] });
    const app = await api.serviceKey(Permission.Verify);
    const { body } = await app.post('/auth/verify', { apiKey: key.key }).expect(200);
    expect(body).toMatchObject({ active: true, subject: ada.user.id, kind: 'user', scopes: ['usage:consume'], plan: 'free', limits: [{ name: 'conversations', limit: 100, used: 0 }] });
    expect((await app.post('/auth/verify', { token: ada.accessToken }).expect(200)).body).toMatchObject({ active: true, subject: ada.user.id });
    await ada.delete(`/users/me/api-keys/${key.keyId}`).expect(200);
    expect((await app.post('/auth/verify', { apiKey: key.key }).expect(200)).body).toEqual({ active: false, reason: 'api-keys.invalid' });
    await ada.post('/auth/logout').expect(204);
    expect((await app.post('/auth/verify', { token: ada.accessToken }).expect(200)).body).toEqual({ active: false, reason: 'auth.session-ended' });
    expect((await app.post('/auth/verify', { token: 'junk' }).expect(200)).body).toEqual({ active: false, reason: 'auth.invalid-token' });
    await app.post('/auth/verify', {}).expect(400);
  });

  it('counts a cost if one is given, and says when it was refused', async () => {
    const ada = await api.signedIn();
    const key = await api.withKey(ada);
    const app = await api.serviceKey(Permission.Verify);
    expect((await app.post('/auth/verify', { apiKey: key.key, cost: { conversations: 100 } }).expect(200)).body).toMatchObject({ active: true, limits: [{ used: 100, remaining: 0 }] });
    expect((await app.post('/auth/verify', { apiKey: key.key, cost: { conversations: 1 } }).expect(200)).body).toMatchObject({ active: false, reason: 'usage.limit-reached' });
  });

  it('is there as RFC 7662 wants it: a form that answers the claims of a good token, and of a dead one nothing but that', async () => {
    const ada = await api.signedIn();
    const key = await api.withKey(ada, { scopes: [Permission.UsageConsume] });
    const app = await api.serviceKey(Permission.Verify);
    const introspect = (form: string): supertest.Test => app.post('/auth/introspect').type('form').send(form);
    const claims = JSON.parse(Buffer.from(ada.accessToken.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;
    const { body } = await introspect(`token=${ada.accessToken}&token_type_hint=access_token&client_id=app`).expect(200);
    const { iss, aud, jti, sid, iat, exp } = claims;
    expect(body).toEqual({ active: true, sub: ada.user.id, scope: expect.stringContaining('usage:consume') as string, token_type: 'Bearer', kind: 'user', plan: 'free', iss, aud, jti, sid, iat, exp });
    expect((await introspect(`token=${key.key}`).expect(200)).body).toEqual({ active: true, sub: ada.user.id, scope: 'usage:consume', token_type: 'Bearer', kind: 'user', plan: 'free' });
    await ada.post('/auth/logout').expect(204);
    for (const dead of [ada.accessToken, 'junk', 'a.b.c', `${key.key}x`]) expect((await introspect(`token=${dead}`).expect(200)).body).toEqual({ active: false });
    for (const bad of ['', 'token=', 'token=a&token=b', `token=${'x'.repeat(5000)}`]) await introspect(bad).expect(400);
    await app.post('/auth/introspect', { token: key.key }).expect(400);
    await api.anyone.post('/auth/introspect').type('form').send('token=a').expect(401);
    await (await api.serviceKey(Permission.UsageConsume)).post('/auth/introspect').type('form').send('token=a').expect(403);
  });

  it('is for keys with the scope alone', async () => {
    const ada = await api.signedIn();
    await ada.post('/auth/verify', { token: ada.accessToken }).expect(401);
    const app = await api.serviceKey(Permission.UsageConsume);
    await app.post('/auth/verify', { token: ada.accessToken }).expect(403);
  });
});
