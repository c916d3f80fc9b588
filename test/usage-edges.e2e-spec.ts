import { randomUUID } from 'node:crypto';
import { Permission } from '../src/access/permission.js';
import { SYSTEM } from '../src/audit/audit.service.js';
import { insertRow } from '../src/platform/database/insert-row.js';
import { AccountsService } from '../src/usage/accounts.service.js';
import { Plan } from '../src/usage/plan.entity.js';
import { PlansService } from '../src/usage/plans.service.js';
import { UsageAccount } from '../src/usage/usage-account.entity.js';
import { User } from '../src/users/user.entity.js';
import { UserStatus } from '../src/users/user-record.js';
import { Api, type Caller, type SignedInCaller } from './support/api.js';

describe('usage at its edges', () => {
  let api: Api;
  let ada: SignedInCaller;
  beforeAll(async () => {
    api = await Api.start();
  });
  beforeEach(async () => {
    api.clock.set('2026-03-02T23:30:00Z');
    ada = await api.signedIn();
  });
  afterAll(() => api.close());

  const usage = (): Promise<{ body: { limits: Record<string, unknown>[]; credits: { balance: number } } }> => ada.get('/usage').expect(200);
  const together = (count: number, send: () => ReturnType<Caller['post']>): Promise<{ status: number; body: unknown; headers: Record<string, string> }[]> =>
    Promise.all(Array.from({ length: count }, async () => send()));

  it('answers all repeats alike even when the first takes the last that is left', async () => {
    await ada.post('/usage/consume', { conversations: 90 }).expect(200);
    const answers = await together(20, () => ada.post('/usage/consume', { conversations: 10 }).set('idempotency-key', 'last'));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect((await usage()).body.limits[0]).toMatchObject({ used: 100 });
  });

  it('refuses all repeats of what is too much, and keeps no key for it', async () => {
    const answers = await together(20, () => ada.post('/usage/consume', { credits: 5 }).set('idempotency-key', 'poor'));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 402));
    await api.app.get(AccountsService).grantCredits(SYSTEM, ada.user.id, 5, 'test');
    await ada.post('/usage/consume', { credits: 5 }).set('idempotency-key', 'poor').expect(200);
  });

  it('says when the limit really returns to somebody who went on to a later day and back', async () => {
    await ada.put('/users/me/preferences', { timeZone: 'Asia/Kolkata' }).expect(200);
    await ada.post('/usage/consume', { conversations: 100 }).expect(200);
    await ada.put('/users/me/preferences', { timeZone: 'UTC' }).expect(200);
    const { body } = await ada.post('/usage/consume').expect(429).expect('retry-after', String(24.5 * 3600));
    expect(body.limits[0].resetsAt).toBe('2026-03-04T00:00:00.000Z');
    expect((await usage()).body.limits[0]).toMatchObject({ used: 100, resetsAt: '2026-03-04T00:00:00.000Z' });
  });

  it('tells the limit in headers when it refuses, too', async () => {
    await ada.post('/usage/consume', { conversations: 100 }).expect(200);
    await ada.post('/usage/consume').expect(429).expect('ratelimit-policy', '"conversations";q=100;w=86400').expect('ratelimit', '"conversations";r=0;t=1800');
    await ada.post('/usage/consume', { conversations: 0, credits: 1 }).expect(402).expect('ratelimit', '"conversations";r=0;t=1800');
  });

  it('lets a service key read what it may consume, for the user it names', async () => {
    const service = await api.serviceKey(Permission.UsageConsume, Permission.UsageRead);
    await service.post('/usage/consume', { userId: ada.user.id, conversations: 7 }).expect(200);
    await api.app.get(AccountsService).grantCredits(SYSTEM, ada.user.id, 5, 'test');
    for (const path of ['', '/limits', '/history', '/statement']) {
      await service.get(`/usage${path}?userId=${ada.user.id}`).expect(200);
      await service.get(`/usage${path}`).expect(400);
      await service.get(`/usage${path}?userId=${randomUUID()}`).expect(404);
      await service.get(`/usage${path}?userId=me`).expect(400);
      await service.get(`/usage${path}?userId=${ada.user.id}&userId=${ada.user.id}`).expect(400);
      await ada.get(`/usage${path}?userId=${randomUUID()}`).expect(403);
      await ada.get(`/usage${path}?everybody=1`).expect(400);
    }
    const { body } = await service.get(`/usage/history?userId=${ada.user.id}`).expect(200);
    expect(body.data).toEqual([{ day: '2026-03-02', conversations: 7, credits: 0 }]);
    expect((await service.get(`/usage/statement?userId=${ada.user.id}`)).body.data).toHaveLength(1);
  });

  it('counts nothing for a banned user, whoever asks', async () => {
    const service = await api.serviceKey(Permission.UsageConsume);
    await api.db.update(User, { id: ada.user.id }, { status: UserStatus.Banned });
    for (const path of ['consume', 'reservations']) {
      const { body } = await service.post(`/usage/${path}`, { userId: ada.user.id }).expect(403);
      expect(body.code).toBe('usage.user-not-active');
    }
  });

  it('knows a plan that another process has just made', async () => {
    await usage();
    const now = api.clock.now();
    const plan = Object.assign(new Plan(), { name: 'elsewhere', conversationsPerDay: 1, creditsPerMonth: 50, createdAt: now, updatedAt: now, version: 1 });
    await insertRow(api.db, Plan, plan);
    await insertRow(api.db, UsageAccount, Object.assign(new UsageAccount(), { userId: ada.user.id, planId: plan.id }));
    const { body } = await ada.post('/usage/consume').expect(200);
    expect(body).toMatchObject({ limits: [{ limit: 1 }], credits: { balance: 50 } });
  });

  it('counts requests by a plan that another process has limited, though nobody consumes here', async () => {
    await usage();
    await api.db.update(Plan, { name: 'free' }, { requestsPerMinute: 2 });
    api.clock.advanceSeconds(61);
    const statuses: number[] = [];
    for (let sent = 0; sent < 5; sent += 1) statuses.push((await ada.get('/users/me')).status);
    await api.db.update(Plan, { name: 'free' }, { requestsPerMinute: null });
    expect(statuses.slice(-2)).toEqual([429, 429]);
  });

  it('can be unlimited by override', async () => {
    await api.app.get(AccountsService).override(SYSTEM, ada.user.id, { conversationsPerDay: null }, new Date('2026-03-02T23:40:00Z'), 'test');
    const { body } = await ada.post('/usage/consume', { conversations: 5000 }).expect(200);
    expect(body.limits[0]).toMatchObject({ limit: null, remaining: null, used: 5000 });
    expect((await ada.get('/usage/limits')).body.data[0]).toMatchObject({ limit: null, decidedBy: 'override', until: '2026-03-02T23:40:00.000Z' });
    api.clock.set('2026-03-02T23:40:00Z');
    await ada.post('/usage/consume').expect(429);
  });

  it('always has one default plan', async () => {
    const plans = api.app.get(PlansService);
    await expect(plans.set(SYSTEM, 'free', { isDefault: false })).rejects.toMatchObject({ code: 'usage.needs-default-plan' });
    await Promise.all(['alpha', 'beta', 'gamma'].map((name) => plans.set(SYSTEM, name, { conversationsPerDay: 3, isDefault: true })));
    expect(await api.db.countBy(Plan, { isDefault: true })).toBe(1);
    await ada.post('/usage/consume', { conversations: 4 }).expect(429);
    await plans.set(SYSTEM, 'free', { isDefault: true, conversationsPerDay: undefined });
    await ada.post('/usage/consume', { conversations: 100 }).expect(200);
  });

  it('settles and releases a reservation once, and answers repeats alike', async () => {
    await api.app.get(AccountsService).grantCredits(SYSTEM, ada.user.id, 100, 'test');
    const { body: first } = await ada.post('/usage/reservations', { credits: 60 }).expect(201);
    const settled = await together(20, () => ada.post(`/usage/reservations/${first.id}/settle`, { credits: 10 }).set('idempotency-key', 'settle'));
    expect(settled.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(settled.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(19);
    const { body: second } = await ada.post('/usage/reservations', { credits: 90 }).expect(201);
    for (const _ of [1, 2]) await ada.post(`/usage/reservations/${second.id}/release`).set('idempotency-key', 'release').expect(204);
    expect((await usage()).body.credits.balance).toBe(90);
    await ada.post('/usage/reservations', { conversations: 0 }).expect(400);
  });
});
