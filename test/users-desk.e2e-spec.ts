import { StaffLevel } from '../src/access/permission.js';
import { AuditEvent } from '../src/audit/audit-event.entity.js';
import { SYSTEM } from '../src/audit/audit.service.js';
import { PlansService } from '../src/usage/plans.service.js';
import { Api, PASSWORD, type SignedInCaller, uniqueName } from './support/api.js';
import { outboxOf, tokenIn } from './support/smtp.js';

describe('what admins and staff do to users', () => {
  let api: Api;
  let admin: SignedInCaller;
  beforeAll(async () => {
    api = await Api.start();
    admin = await api.admin();
  });
  afterAll(() => api.close());

  const pathOf = ({ user }: SignedInCaller): string => `/admin/users/${user.id}`;
  const events = (action: string, targetId: string): Promise<AuditEvent[]> => api.db.find(AuditEvent, { where: { action, targetId }, order: { at: 'ASC' } });

  describe('an admin who changes a user', () => {
    it('changes what is sent and nothing else, and the audit has the changed fields alone', async () => {
      const ada = await api.signedIn();
      const { body, headers } = await admin.patch(pathOf(ada), { name: 'Ada', timeZone: 'Europe/Berlin' }).set('x-reason', 'ticket%207').expect(200);
      expect(body).toMatchObject({ id: ada.user.id, name: 'Ada', timeZone: 'Europe/Berlin', username: ada.user.username, email: ada.user.email, version: 2 });
      expect(headers['etag']).toBe('"2"');
      expect(await events('users.update', ada.user.id)).toMatchObject([{ actorId: admin.user.id, reason: 'ticket 7', before: { name: null, timeZone: 'UTC' }, after: { name: 'Ada', timeZone: 'Europe/Berlin' } }]);
      expect((await ada.get('/users/me').expect(200)).body).toMatchObject({ name: 'Ada', timeZone: 'Europe/Berlin' });
    });

    it('may send the whole record back: what the server owns is ignored, what nobody knows is refused by name', async () => {
      const ada = await api.signedIn();
      const { body: record } = await admin.get(pathOf(ada)).expect(200);
      const { body } = await admin.put(pathOf(ada), { ...record, status: 'banned', createdAt: 'never' }).expect(200);
      expect(body).toEqual(record);
      expect(await events('users.update', ada.user.id)).toEqual([]);
      const refused = await admin.patch(pathOf(ada), { nick: 'a' }).expect(400);
      expect(refused.body.violations).toMatchObject([{ pointer: '/nick', code: 'unknown-field' }]);
      for (const change of [{ email: null }, { username: 'a b' }, { timeZone: 'Mars' }, { emailVerified: 'yes' }, { name: '' }]) await admin.patch(pathOf(ada), change).expect(400);
    });

    it('is refused when another admin was first; of many at once with the same version one gets through', async () => {
      const ada = await api.signedIn();
      const { headers } = await admin.get(pathOf(ada)).expect(200);
      const other = await api.admin();
      const ifMatch = headers['etag'] as string;
      const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 ? admin : other).patch(pathOf(ada), { name: `number ${n}` }).set('if-match', ifMatch)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(19).fill(412)]);
      const [first] = answers.filter(({ status }) => status === 200);
      expect((await admin.get(pathOf(ada))).body.name).toBe(first!.body.name);
      const stale = await other.put(pathOf(ada), { name: 'late' }).set('if-match', ifMatch).expect(412);
      expect(stale.body).toMatchObject({ code: 'request.stale-version', currentVersion: 2 });
      await admin.delete(pathOf(ada)).set('if-match', ifMatch).expect(412);
      await admin.delete(pathOf(ada)).set('if-match', '"2"').expect(200);
    });

    it('cannot give a name that another user has, nor one that a deleted user may come back to', async () => {
      const [ada, bob, gone] = [await api.signedIn(), await api.signedIn(), await api.signedIn()];
      await admin.delete(pathOf(gone)).expect(200);
      for (const taken of [{ username: bob.user.username.toUpperCase() }, { email: bob.user.email }, { username: gone.user.username }, { email: gone.user.email }]) {
        const { body } = await admin.patch(pathOf(ada), { name: 'x', ...taken }).expect(409);
        expect(body).toMatchObject({ code: 'users.taken', violations: [{ pointer: `/${Object.keys(taken)[0]}` }] });
      }
      expect((await admin.get(pathOf(ada))).body).toMatchObject({ name: null, version: 1 });
    });

    it('moves the address: it is unconfirmed, both addresses hear of it, and links to the old one are dead', async () => {
      const ada = await api.signedIn();
      const oldLink = tokenIn(await outboxOf(api, ada.user.email));
      await admin.patch(pathOf(ada), { emailVerified: true }).expect(200);
      const { body: record } = await admin.get(pathOf(ada)).expect(200);
      expect(record.emailVerified).toBe(true);
      const email = `${uniqueName('moved')}@example.org`;
      const { body } = await admin.put(pathOf(ada), { ...record, email }).expect(200);
      expect(body).toMatchObject({ email, emailVerified: false });
      expect(await events('users.update', ada.user.id)).toMatchObject([{}, { before: { email: ada.user.email, emailVerified: true }, after: { email, emailVerified: false } }]);
      await api.anyone.post('/auth/email/verify', { token: oldLink }).expect(400);
      expect((await outboxOf(api, ada.user.email)).at(-1)).toMatchObject({ subject: 'Your e-mail address was changed' });
      await api.anyone.post('/auth/email/verify', { token: tokenIn(await outboxOf(api, email)) }).expect(200);
      await api.anyone.post('/auth/login', { login: email, password: PASSWORD }).expect(200);
      await api.anyone.post('/auth/login', { login: ada.user.email, password: PASSWORD }).expect(401);
    });
  });

  describe('an admin who deletes a user', () => {
    it('need not say why, and may in the body or in a header', async () => {
      const [silent, head, body] = [await api.signedIn(), await api.signedIn(), await api.signedIn()];
      expect((await admin.delete(pathOf(silent)).expect(200)).body).toMatchObject({ id: silent.user.id, reason: null });
      expect((await admin.delete(pathOf(head)).set('x-reason', 'moved%20away').expect(200)).body).toMatchObject({ id: head.user.id, reason: 'moved away' });
      expect((await admin.delete(pathOf(body), { reason: 'asked for' }).set('x-reason', 'other').expect(200)).body).toMatchObject({ reason: 'asked for' });
      expect(await events('users.delete', body.user.id)).toMatchObject([{ reason: 'asked for' }]);
      await admin.delete(pathOf(silent)).expect(404);
      await admin.delete(pathOf(silent), { reason: 'x' }).expect(400);
    });
  });

  describe('an admin who gives a user a plan', () => {
    it('sees what applies, and it counts at once for what was remembered of the old one', async () => {
      const ada = await api.signedIn();
      await api.app.get(PlansService).set(SYSTEM, 'slow', { conversationsPerDay: 7, creditsPerMonth: 5, requestsPerMinute: 3, features: { seats: 2 } });
      expect((await admin.get(`${pathOf(ada)}/plan`).expect(200)).body).toMatchObject({ id: ada.user.id, plan: 'free', decidedBy: 'default-plan' });
      const unlimited = await ada.get('/usage').expect(200);
      expect(unlimited.headers['ratelimit-policy']).toBeUndefined();
      const { body } = await admin.put(`${pathOf(ada)}/plan`, { plan: 'slow', reason: 'ticket 7' }).expect(200);
      expect(body).toEqual({ id: ada.user.id, plan: 'slow', decidedBy: 'plan', conversationsPerDay: 7, creditsPerMonth: 5, requestsPerMinute: 3, features: { seats: 2 } });
      await ada.get('/usage').expect(200).expect('ratelimit-policy', '"requests";q=3;w=60');
      await admin.post(`${pathOf(ada)}/plan`, { plan: null, reason: 'back' }).expect(200);
      expect((await ada.get('/usage').expect(200)).headers['ratelimit-policy']).toBeUndefined();
      expect(await events('usage.assign-plan', ada.user.id)).toMatchObject([{ actorKind: 'admin', reason: 'ticket 7', after: { plan: 'slow' } }, { reason: 'back', after: { plan: null } }]);
      await admin.put(`${pathOf(ada)}/plan`, { plan: 'none', reason: 'ticket 7' }).expect(404);
      await admin.put(`${pathOf(ada)}/plan`, { plan: 'slow' }).expect(400);
      await admin.get(`${pathOf(admin)}/plan`).expect(404);
    });

    it('can list who has it; with the default plan go all who have none of their own', async () => {
      const [ada, bob] = [await api.signedIn(), await api.signedIn()];
      await api.app.get(PlansService).set(SYSTEM, 'team', { conversationsPerDay: 7 });
      await admin.put(`${pathOf(ada)}/plan`, { plan: 'team', reason: 'ticket 7' }).expect(200);
      const idsOf = (users: { id: string }[]): string[] => users.map(({ id }) => id);
      const [team, free, both] = await Promise.all(['plan=team', `plan=free&q=${bob.user.username}`, `plan=free&plan=team&q=${ada.user.username}`].map((query) => admin.get(`/admin/users?${query}`).expect(200)));
      expect([idsOf(team!.body), idsOf(free!.body), idsOf(both!.body)]).toEqual([[ada.user.id], [bob.user.id], [ada.user.id]]);
      expect(team!.headers['content-range']).toBe('users 0-0/1');
      expect(idsOf((await admin.get(`/admin/users?plan=free&q=${ada.user.username}`)).body)).toEqual([]);
      const viewer = await api.staff(StaffLevel.Viewer);
      expect(idsOf((await viewer.get('/staff/users?plan=team&status=active').expect(200)).body.data)).toEqual([ada.user.id]);
      expect(idsOf((await viewer.get(`/staff/users?plan=free&search=${ada.user.username}`).expect(200)).body.data)).toEqual([]);
      for (const path of ['/admin', '/staff']) await (path === '/admin' ? admin : viewer).get(`${path}/users?plan=none`).expect(400);
    });
  });

  describe('an admin who overrides limits', () => {
    const until = (days: number): string => new Date(api.clock.millis() + days * 86_400_000).toISOString();

    it('decides those that are named and leaves the others to the plan, until it is over or ended', async () => {
      const ada = await api.signedIn();
      const path = `${pathOf(ada)}/limits`;
      const end = until(3);
      const { body } = await admin.put(path, { conversationsPerDay: 1, requestsPerMinute: 9, until: end, reason: 'abuse' }).expect(200);
      expect(body).toMatchObject({ id: ada.user.id, overrideReason: 'abuse', limits: [
        { name: 'conversations', limit: 1, decidedBy: 'override', until: end }, { name: 'credits', limit: 0, decidedBy: 'default-plan', until: null }, { name: 'requests', limit: 9, decidedBy: 'override', until: end },
      ] });
      await ada.post('/usage/consume', { conversations: 2 }).expect(429);
      await ada.get('/usage').expect('ratelimit-policy', '"requests";q=9;w=60');
      expect((await ada.get('/usage/limits')).body.data).toEqual(body.limits);
      await admin.post(path, { conversationsPerDay: null, until: end, reason: 'sorry' }).expect(200);
      await ada.post('/usage/consume', { conversations: 500 }).expect(200);
      expect((await ada.get('/usage')).headers['ratelimit-policy']).toBeUndefined();
      const ended = await admin.delete(path).set('x-reason', 'enough').expect(200);
      expect(ended.body).toMatchObject({ overrideReason: null, limits: [{ limit: 100, decidedBy: 'default-plan' }, {}, { limit: null }] });
      await ada.post('/usage/consume').expect(429);
      await admin.delete(path).expect(404);
      expect(await events('usage.override-limit', ada.user.id)).toMatchObject([{ reason: 'abuse', after: { conversationsPerDay: 1, requestsPerMinute: 9 } }, { reason: 'sorry', after: { conversationsPerDay: null } }]);
      expect(await events('usage.end-override', ada.user.id)).toMatchObject([{ actorId: admin.user.id, reason: 'enough' }]);
    });

    it('must say which limit, until when and why', async () => {
      const ada = await api.signedIn();
      const good = { conversationsPerDay: 1, until: until(1), reason: 'ticket 7' };
      const wrong = [{ conversationsPerDay: undefined }, { until: until(-1) }, { until: '2030-W01-1' }, { until: undefined }, { reason: undefined }, { conversationsPerDay: -1 }, { requestsPerMinute: 0 }, { creditsPerMonth: null }];
      for (const change of wrong) await admin.put(`${pathOf(ada)}/limits`, { ...good, ...change }).expect(400);
      const { body } = await admin.put(`${pathOf(ada)}/limits`, { ...good, creditsPerMonth: 50 }).expect(422);
      expect(body.code).toBe('usage.override-too-short');
      expect((await admin.get(`${pathOf(ada)}/limits`)).body.limits[0]).toMatchObject({ decidedBy: 'default-plan' });
    });
  });

  describe('an admin who moves credits', () => {
    const balanceOf = async (user: SignedInCaller): Promise<number> => (await admin.get(`${pathOf(user)}/usage`).expect(200)).body.balance;

    it('grants and takes away, but never below zero, however many come at once; the ledger adds up', async () => {
      const ada = await api.signedIn();
      const path = `${pathOf(ada)}/credits`;
      expect((await admin.post(path, { amount: 100, reason: 'ticket 7' }).expect(201)).body).toMatchObject({ kind: 'grant', amount: 100, balanceAfter: 100, reason: 'ticket 7' });
      const answers = await Promise.all(Array.from({ length: 20 }, () => admin.post(path, { amount: -30, reason: 'a mistake' })));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, ...Array<number>(17).fill(422)]);
      expect(answers.find(({ status }) => status === 422)!.body.code).toBe('usage.below-zero');
      expect(await balanceOf(ada)).toBe(10);
      const { body: movements } = await admin.get(path).expect(200);
      expect(movements.reduce((sum: number, { amount }: { amount: number }) => sum + amount, 0)).toBe(10);
      expect((await events('usage.grant-credits', ada.user.id)).concat(await events('usage.adjust-credits', ada.user.id)).map(({ reason }) => reason)).toEqual(['ticket 7', 'a mistake', 'a mistake', 'a mistake']);
      for (const wrong of [{ amount: 0 }, { amount: 1.5 }, { amount: '5' }, { amount: 1e10 }, { reason: undefined }]) await admin.post(path, { amount: 1, reason: 'ticket 7', ...wrong }).expect(400);
      await admin.post(`${pathOf(admin)}/credits`, { amount: 1, reason: 'for myself' }).expect(404);
    });

    it('does so once for a request that is repeated with its key, however many at once', async () => {
      const ada = await api.signedIn();
      const grant = () => admin.post(`${pathOf(ada)}/credits`, { amount: 5, reason: 'ticket 7' }).set('idempotency-key', ada.user.id);
      const answers = await Promise.all(Array.from({ length: 20 }, grant));
      expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
      expect(await balanceOf(ada)).toBe(5);
    });

    it('reads one user\'s movements, as panels and by cursor, and nobody else\'s', async () => {
      const [ada, bob] = [await api.signedIn(), await api.signedIn()];
      for (const [user, amount] of [[ada, 1], [bob, 50], [ada, 2], [ada, -3]] as const) await admin.post(`${pathOf(user)}/credits`, { amount, reason: 'a test' }).expect(201);
      const amounts = async (query: string): Promise<number[]> => (await admin.get(`${pathOf(ada)}/credits?${query}`).expect(200)).body.map(({ amount }: { amount: number }) => amount);
      expect(await amounts('sort=id')).toEqual([1, 2, -3]);
      expect(await amounts('kind=grant&_sort=id&_order=DESC')).toEqual([2, 1]);
      expect(await amounts('amount_lte=0')).toEqual([-3]);
      const first = await admin.get(`${pathOf(ada)}/credits?limit=2&sort=id`).expect(200);
      const next = /<(\?[^>]*)>; rel="next"/.exec(first.headers['link'] as string)![1]!;
      expect(first.headers['content-range']).toBe('credits 0-1/3');
      expect(await amounts(next.slice(1))).toEqual([-3]);
      const { body: bobs } = await admin.get(`${pathOf(bob)}/credits`).expect(200);
      expect(bobs).toMatchObject([{ amount: 50, actorKind: 'admin', actorId: admin.user.id }]);
      expect((await admin.get(`${pathOf(ada)}/credits?id=${bobs[0].id}`)).body).toEqual([]);
    });

    it('sees what was used day by day', async () => {
      const ada = await api.signedIn();
      const { day } = (await admin.get(`${pathOf(ada)}/usage`).expect(200)).body;
      await ada.post('/usage/consume', { conversations: 3 }).expect(200);
      const { body } = await admin.get(`${pathOf(ada)}/usage?from=${day}&to=${day}`).expect(200);
      expect(body).toMatchObject({ id: ada.user.id, plan: 'free', used: 3, balance: 0, days: [{ day, conversations: 3, credits: 0 }] });
      await admin.get(`${pathOf(ada)}/usage?from=2020-01-01`).expect(400);
    });
  });

  describe('staff', () => {
    const desk = ({ user }: SignedInCaller, rest: string): string => `/staff/users/${user.id}/${rest}`;

    it('of level 1 see what a user may use and has used, which leaves a row', async () => {
      const [ada, viewer] = [await api.signedIn(), await api.staff(StaffLevel.Viewer)];
      await ada.post('/usage/consume').expect(200);
      const { body } = await viewer.get(desk(ada, 'usage')).set('x-reason', 'ticket%207').expect(200);
      expect(body).toMatchObject({ id: ada.user.id, used: 1, balance: 0, limits: [{ name: 'conversations', limit: 100, decidedBy: 'default-plan' }, {}, {}], days: [{ conversations: 1 }] });
      expect(await events('users.look', ada.user.id)).toMatchObject([{ actorId: viewer.user.id, after: { at: 'usage' }, reason: 'ticket 7' }]);
      await viewer.get(desk(viewer, 'usage')).expect(404);
    });

    it('of level 2 grant credits up to the cap of the moment, with a reason, once a key', async () => {
      const [ada, viewer, agent] = [await api.signedIn(), await api.staff(StaffLevel.Viewer), await api.staff(StaffLevel.Agent)];
      const path = desk(ada, 'grant-credits');
      const cap = api.settings.staffCreditsCap;
      await viewer.post(path, { credits: 1, reason: 'ticket 7' }).expect(403);
      const beyond = await agent.post(path, { credits: cap + 1, reason: 'ticket 7' }).expect(403);
      expect(beyond.body).toMatchObject({ code: 'staff.credits-cap', cap });
      for (const wrong of [{ credits: 0 }, { credits: -5 }, { reason: undefined }]) await agent.post(path, { credits: 1, reason: 'ticket 7', ...wrong }).expect(400);
      const grant = () => agent.post(path, { credits: cap, reason: 'ticket 7' }).set('idempotency-key', ada.user.id);
      const [first, again] = [await grant().expect(201), await grant().expect(201)];
      expect(first.body).toMatchObject({ kind: 'grant', amount: cap, balanceAfter: cap });
      expect(again.body).toEqual(first.body);
      expect(await events('usage.grant-credits', ada.user.id)).toMatchObject([{ actorKind: 'staff', actorId: agent.user.id, reason: 'ticket 7', after: { credits: cap } }]);
    });

    it('of level 3 override limits', async () => {
      const [ada, agent, lead] = [await api.signedIn(), await api.staff(StaffLevel.Agent), await api.staff(StaffLevel.Lead)];
      const request = { conversationsPerDay: 2, until: new Date(api.clock.millis() + 60_000).toISOString(), reason: 'ticket 7' };
      await agent.post(desk(ada, 'limits'), request).expect(403);
      expect((await lead.post(desk(ada, 'limits'), request).expect(200)).body.limits[0]).toMatchObject({ limit: 2, decidedBy: 'override' });
      await ada.post('/usage/consume', { conversations: 3 }).expect(429);
      expect(await events('usage.override-limit', ada.user.id)).toMatchObject([{ actorKind: 'staff', actorId: lead.user.id, reason: 'ticket 7' }]);
    });
  });
});
