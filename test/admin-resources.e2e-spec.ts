import { jest } from '@jest/globals';
import { Permission } from '../src/access/permission.js';
import { Admin } from '../src/admin/admin.entity.js';
import { AuditEvent } from '../src/audit/audit-event.entity.js';
import { AccountsService } from '../src/usage/accounts.service.js';
import { Plan } from '../src/usage/plan.entity.js';
import { PlansService } from '../src/usage/plans.service.js';
import { UsageAccount } from '../src/usage/usage-account.entity.js';
import { SYSTEM } from '../src/audit/audit.service.js';
import { newId } from '../src/platform/ids/ids.js';
import { Api, type SignedInCaller, uniqueName } from './support/api.js';

describe('what admins look after', () => {
  let api: Api;
  let root: SignedInCaller;
  beforeAll(async () => {
    api = await Api.start();
    root = await api.admin();
  });
  afterAll(() => api.close());

  const audited = async (targetId: string): Promise<AuditEvent[]> => api.db.find(AuditEvent, { where: { targetId }, order: { id: 'ASC' } });

  describe('plans', () => {
    const plan = async (terms: object = {}) => (await root.post('/admin/plans', { name: uniqueName('plan'), ...terms }).expect(201)).body;
    const assign = (user: SignedInCaller, { name }: { name: string }) => api.app.get(AccountsService).assignPlan(SYSTEM, user.user.id, name);
    const planOf = async ({ user }: SignedInCaller) => (await api.db.findOneByOrFail(UsageAccount, { userId: user.id })).planId;

    it('are made, read and changed with what they were before in the audit; what was changed meanwhile is not overwritten', async () => {
      const made = await plan({ conversationsPerDay: 10, features: { export: true } });
      expect(made).toMatchObject({ conversationsPerDay: 10, creditsPerMonth: 0, requestsPerMinute: null, features: { export: true }, isDefault: false, version: 1 });
      await root.patch(`/admin/plans/${made.id}`, { conversationsPerDay: null }).set('if-match', '"1"').expect(200).expect('etag', '"2"');
      await root.put(`/admin/plans/${made.id}`, { ...made, creditsPerMonth: 5 }).set('if-match', '"1"').expect(412);
      const { body } = await root.get(`/admin/plans/${made.id}`).expect(200).expect('etag', '"2"');
      expect(body).toEqual({ ...made, conversationsPerDay: null, version: 2, updatedAt: body.updatedAt });
      expect(await audited(made.id)).toMatchObject([
        { action: 'plans.create', actorId: root.user.id, after: { name: made.name } },
        { action: 'plans.update', actorId: root.user.id, before: { conversationsPerDay: 10 }, after: { conversationsPerDay: null } },
      ]);
    });

    it('are refused with every field that is wrong, and with a name that there is', async () => {
      const wrong = { name: '', conversationsPerDay: -1, creditsPerMonth: null, requestsPerMinute: 0.5, features: ['export'], isDefault: 'yes', price: 3 };
      const { body } = await root.post('/admin/plans', wrong).expect(400);
      expect(body.violations.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(Object.keys(wrong).map((name) => `/${name}`).sort());
      const { name } = await plan();
      await root.post('/admin/plans', { name }).expect(409);
      const other = await plan();
      await root.patch(`/admin/plans/${other.id}`, { name }).expect(409);
      await root.get(`/admin/plans/${newId()}`).expect(404);
    });

    it('count for their users from the next request on', async () => {
      const ada = await api.signedIn();
      const made = await plan({ conversationsPerDay: 5 });
      await assign(ada, made);
      const limit = async () => (await ada.get('/usage')).body.limits[0].limit;
      expect(await limit()).toBe(5);
      await root.patch(`/admin/plans/${made.id}`, { conversationsPerDay: 6 }).expect(200);
      expect(await limit()).toBe(6);
    });

    it('have exactly one default among them, whoever makes them the default at once', async () => {
      const plans = await Promise.all(Array.from({ length: 20 }, () => plan()));
      await Promise.all(plans.map(({ id }) => root.patch(`/admin/plans/${id}`, { isDefault: true }).expect(200)));
      const [chosen, ...others] = await api.db.findBy(Plan, { isDefault: true });
      expect(others).toEqual([]);
      await root.patch(`/admin/plans/${chosen!.id}`, { isDefault: false }).expect(422);
      expect((await root.delete(`/admin/plans/${chosen!.id}`).expect(409)).body.code).toBe('plans.is-default');
      await root.delete(`/admin/plans/${chosen!.id}?moveTo=${plans[0].id === chosen!.id ? plans[1].id : plans[0].id}`).expect(409);
    });

    it('go only when nobody has them, or when another is named for those who do', async () => {
      const ada = await api.signedIn();
      const [old, next] = [await plan(), await plan({ conversationsPerDay: 77 })];
      await assign(ada, old);
      expect((await root.delete(`/admin/plans/${old.id}`).expect(409)).body).toMatchObject({ code: 'plans.in-use', users: 1 });
      for (const moveTo of [old.id, newId(), 'junk']) await root.delete(`/admin/plans/${old.id}?moveTo=${moveTo}`).expect(400);
      await root.delete(`/admin/plans/${old.id}?moveTo=${next.id}`).set('if-match', '"9"').expect(412);
      expect(await planOf(ada)).toBe(old.id);
      await root.delete(`/admin/plans/${old.id}?moveTo=${next.id}`).set('if-match', '"1"').expect(200);
      expect(await planOf(ada)).toBe(next.id);
      expect((await ada.get('/usage')).body.limits[0].limit).toBe(77);
      await root.get(`/admin/plans/${old.id}`).expect(404);
      expect((await audited(old.id)).slice(1)).toMatchObject([{ action: 'plans.move-users', after: { plan: next.id, users: 1 } }, { action: 'plans.delete', before: { name: old.name } }]);
    });

    it('that go while somebody is given them are not there', async () => {
      const ada = await api.signedIn();
      const gone = await plan();
      const plans = api.app.get(PlansService);
      const byName = plans.byName.bind(plans);
      const found = jest.spyOn(plans, 'byName').mockImplementationOnce(async (name) => {
        const known = await byName(name);
        await root.delete(`/admin/plans/${gone.id}`).expect(200);
        return known;
      });
      const { body } = await root.put(`/admin/users/${ada.user.id}/plan`, { plan: gone.name, reason: 'as agreed' }).expect(404);
      found.mockRestore();
      expect(body).toMatchObject({ code: 'plan.not-found', detail: expect.stringContaining(gone.name) });
      expect((await ada.get('/usage').expect(200)).body.plan).not.toBe(gone.name);
    });

    it('that another process removed refuse nobody who was remembered to have them', async () => {
      const [ada, bob] = [await api.signedIn(), await api.signedIn()];
      const [old, next] = [await plan({ requestsPerMinute: 50 }), await plan({ requestsPerMinute: 60 })];
      for (const user of [ada, bob]) await assign(user, old);
      api.clock.advanceSeconds(2);
      await bob.get('/usage').expect(200);
      api.clock.advanceSeconds(0.6);
      await ada.get('/usage').expect(200);
      await api.db.update(UsageAccount, { planId: old.id }, { planId: next.id });
      await api.db.delete(Plan, { id: old.id });
      api.clock.advanceSeconds(0.6);
      await ada.get('/usage').expect(200).expect('ratelimit-policy', '"requests";q=60;w=60');
    });
  });

  describe('service keys', () => {
    const create = async (terms: object = {}, caller = root) => (await caller.post('/admin/service-keys', { name: 'chat', scopes: [Permission.Verify], ...terms }).expect(201)).body;
    const statusOf = async (key: string) => (await api.with(key).post('/auth/verify', { apiKey: 'junk' })).status;

    it('are told once, work at once, and are nowhere else', async () => {
      const request = () => root.post('/admin/service-keys', { name: 'chat', scopes: [Permission.Verify] }).set('idempotency-key', 'one-key').expect(201);
      const { body: made } = await request();
      expect((await request()).body).toEqual(made);
      expect(await statusOf(made.key)).toBe(200);
      const { key, ...record } = made;
      const { body: read } = await root.get(`/admin/service-keys/${made.id}`).expect(200).expect('etag', '"1"');
      expect(read).toEqual({ ...record, lastUsedAt: read.lastUsedAt });
      const everything = JSON.stringify([(await root.get('/admin/service-keys')).body, await audited(made.id)]);
      expect(everything).toContain(made.id);
      expect(everything).not.toContain(key.split('_').at(-1));
    });

    it('lose what is taken from them with the next request: scopes, networks, and the key itself', async () => {
      const made = await create();
      const path = `/admin/service-keys/${made.id}`;
      await root.patch(path, { scopes: [Permission.MessagesWrite] }).set('if-match', '"1"').expect(200);
      await root.patch(path, { name: 'late' }).set('if-match', '"1"').expect(412);
      expect(await statusOf(made.key)).toBe(403);
      await root.put(path, { ...made, allowedCidrs: ['203.0.113.0/24'] }).expect(200);
      expect(await statusOf(made.key)).toBe(403);
      await root.patch(path, { allowedCidrs: null }).expect(200);
      expect(await statusOf(made.key)).toBe(200);
      await root.delete(path).expect(200);
      expect(await statusOf(made.key)).toBe(401);
      await root.delete(path).expect(404);
      expect((await audited(made.id)).map(({ action }) => action)).toEqual(['api-keys.create', 'api-keys.update', 'api-keys.update', 'api-keys.update', 'api-keys.revoke']);
    });

    it('are given a new secret; the previous one ends after its grace period, or at once without one', async () => {
      const made = await create();
      const rotate = async (graceSeconds: number) => (await root.post(`/admin/service-keys/${made.id}/rotate`, { graceSeconds }).expect(200)).body.key;
      const second = await rotate(60);
      expect([await statusOf(made.key), await statusOf(second)]).toEqual([200, 200]);
      api.clock.advanceSeconds(61);
      const third = await rotate(0);
      expect([await statusOf(made.key), await statusOf(second), await statusOf(third)]).toEqual([401, 401, 200]);
    });

    it('are no way to users\' keys, nor round what an admin may do', async () => {
      const { keyId } = await api.withKey(await api.signedIn());
      for (const send of [root.get, root.delete]) await send.call(root, `/admin/service-keys/${keyId}`).expect(404);
      await root.patch(`/admin/service-keys/${keyId}`, { name: 'mine' }).expect(404);
      await root.post(`/admin/service-keys/${keyId}/rotate`, {}).expect(404);
      expect((await root.get('/admin/service-keys?limit=100')).body.map(({ id }: { id: string }) => id)).not.toContain(keyId);

      const reader = await create({ scopes: [Permission.MessagesRead] });
      const clerk = await api.admin();
      await api.db.update(Admin, { id: clerk.user.id }, { permissions: [Permission.ServiceKeysWrite] });
      const own = await create({}, clerk);
      await clerk.post('/admin/service-keys', { name: 'spy', scopes: [Permission.MessagesRead] }).expect(403);
      await clerk.patch(`/admin/service-keys/${own.id}`, { scopes: [Permission.Verify, Permission.MessagesRead] }).expect(403);
      await clerk.post(`/admin/service-keys/${reader.id}/rotate`, {}).expect(403);
      await clerk.patch(`/admin/service-keys/${reader.id}`, { name: 'renamed', scopes: [Permission.MessagesRead] }).expect(200);
    });

    it('are refused with every field that is wrong', async () => {
      const wrong = { name: '\u0007', scopes: ['admins:write'], expiresAt: 'soon', allowedCidrs: ['example.org'], rateLimit: 0, key: 'pv_test_mine', owner: 'me' };
      const { body } = await root.post('/admin/service-keys', wrong).expect(400);
      expect(body.violations.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(['/allowedCidrs', '/expiresAt', '/name', '/owner', '/rateLimit', '/scopes']);
      await root.post('/admin/service-keys', { name: 'chat', scopes: [] }).expect(400);
      await root.post('/admin/service-keys', { name: 'chat', scopes: [Permission.Verify], expiresAt: '2020-01-01T00:00:00Z' }).expect(400);
    });
  });
});
