import { Permission } from '../src/access/permission.js';
import { LastUses } from '../src/api-keys/last-uses.js';
import { ApiKey } from '../src/api-keys/api-key.entity.js';
import { AuditEvent } from '../src/audit/audit-event.entity.js';
import { IdempotencyKey } from '../src/platform/idempotency/idempotency-key.entity.js';
import { User } from '../src/users/user.entity.js';
import { UserStatus } from '../src/users/user-record.js';
import { Api } from './support/api.js';

describe('API keys', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start();
  });
  afterAll(() => api.close());

  it('act as their user, within their scopes', async () => {
    const ada = await api.signedIn();
    const key = await api.withKey(ada, { scopes: [Permission.ProfileRead] });
    const { body } = await key.get('/users/me').expect(200);
    expect(body.id).toBe(ada.user.id);
    const refused = await key.get('/users/me/api-keys').expect(403);
    expect(refused.body).toMatchObject({ code: 'access.missing-permission' });
    await key.patch('/users/me', { name: 'x' }).expect(403);
    await api.anyone.get('/users/me').set('x-api-key', key.key).expect(200);
  });

  it('are shown once and kept as a hash only', async () => {
    const ada = await api.signedIn();
    const { body } = await ada.post('/users/me/api-keys', { name: 'Lab' }).expect(201);
    expect(body.key).toMatch(/^pv_live_[0-9A-Za-z]{22}_[0-9A-Za-z]{49}$/);
    const row = await api.db.findOneByOrFail(ApiKey, { id: body.apiKey.id });
    expect(JSON.stringify(row)).not.toContain(body.key.slice(-20));
    const { body: read } = await ada.get(`/users/me/api-keys/${body.apiKey.id}`).expect(200);
    expect(read).not.toHaveProperty('key');
    expect(read.hint).toBe(body.key.slice(-4));
    expect(JSON.stringify(await api.db.findBy(AuditEvent, { targetId: body.apiKey.id }))).not.toContain(body.key.slice(-20));
  });

  it('are made and rotated once however often the request is repeated, and every answer shows the same key', async () => {
    const ada = await api.signedIn();
    const twenty = <T>(send: () => PromiseLike<T>): Promise<T[]> => Promise.all(Array.from({ length: 20 }, send));
    const made = await twenty(() => ada.post('/users/me/api-keys', { name: 'once' }).set('idempotency-key', 'make').expect(201));
    expect(new Set(made.map(({ body }) => body.key as string)).size).toBe(1);
    expect((await ada.get('/users/me/api-keys').expect(200)).body.data).toHaveLength(1);
    const { id } = made[0]!.body.apiKey as { id: string };
    const rotated = await twenty(() => ada.post(`/users/me/api-keys/${id}/rotate`, {}).set('idempotency-key', 'turn').expect(201));
    expect(new Set(rotated.map(({ body }) => body.key as string)).size).toBe(1);
    await api.with(rotated[0]!.body.key).get('/users/me').expect(200);
    expect(JSON.stringify(await api.db.find(IdempotencyKey))).not.toContain(String(made[0]!.body.key).slice(-20));
  });

  it('that are junk are refused without asking the database', async () => {
    const ada = await api.signedIn();
    const { key } = await api.withKey(ada);
    const changed = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0');
    for (const junk of [changed, key.replace('live', 'test'), 'pv_live_x', `${key}x`, key.slice(0, -1), 'pv_'.padEnd(4000, 'x')]) {
      const { body } = await api.with(junk).get('/users/me').expect(401);
      expect(body.code).toBe('api-keys.invalid');
    }
  });

  it('that are well formed but unknown are refused', async () => {
    const { issueKey } = await import('../src/api-keys/key-format.js');
    const { newId } = await import('../src/platform/ids/ids.js');
    await api.with(issueKey('live', newId()).key).get('/users/me').expect(401);
    const ada = await api.signedIn();
    const { keyId } = await api.withKey(ada);
    await api.with(issueKey('live', keyId).key).get('/users/me').expect(401);
  });

  it('stop working when they expire, are revoked, or their user is banned', async () => {
    const ada = await api.signedIn();
    const expiring = await api.withKey(ada, { expiresAt: new Date(api.clock.millis() + 60_000).toISOString() });
    await expiring.get('/users/me').expect(200);
    api.clock.advanceSeconds(60);
    const { body } = await expiring.get('/users/me').expect(401);
    expect(body.code).toBe('api-keys.expired');
    const revoked = await api.withKey(ada);
    await ada.delete(`/users/me/api-keys/${revoked.keyId}`).expect(200, { id: revoked.keyId });
    await revoked.get('/users/me').expect(401);
    const key = await api.withKey(ada);
    await api.db.update(User, { id: ada.user.id }, { status: UserStatus.Banned });
    await key.get('/users/me').expect(401);
  });

  it('work from the allowed networks only', async () => {
    const ada = await api.signedIn();
    const elsewhere = await api.withKey(ada, { allowedCidrs: ['192.0.2.0/24', '2001:db8::/32'] });
    const { body } = await elsewhere.get('/users/me').expect(403);
    expect(body.code).toBe('api-keys.wrong-network');
    const here = await api.withKey(ada, { allowedCidrs: ['127.0.0.0/8'] });
    await here.get('/users/me').expect(200);
  });

  it('keep the old secret alive for the grace period after a rotation, and no longer', async () => {
    const ada = await api.signedIn();
    const old = await api.withKey(ada);
    const { body } = await ada.post(`/users/me/api-keys/${old.keyId}/rotate`, { graceSeconds: 60 }).expect(201);
    expect(body.apiKey.id).toBe(old.keyId);
    await api.with(body.key).get('/users/me').expect(200);
    await old.get('/users/me').expect(200);
    api.clock.advanceSeconds(60);
    await old.get('/users/me').expect(401);
    await api.with(body.key).get('/users/me').expect(200);
    const { body: at_once } = await ada.post(`/users/me/api-keys/${old.keyId}/rotate`, { graceSeconds: 0 }).expect(201);
    await api.with(body.key).get('/users/me').expect(401);
    await api.with(at_once.key).get('/users/me').expect(200);
  });

  it('have a request rate of their own, told in headers', async () => {
    const ada = await api.signedIn();
    const key = await api.withKey(ada, { rateLimit: 2 });
    await key.get('/users/me').expect(200).expect('ratelimit-policy', '"requests";q=2;w=60').expect('ratelimit', '"requests";r=1;t=60');
    await key.get('/users/me').expect(200);
    const { body } = await key.get('/users/me').expect(429).expect('retry-after', '60');
    expect(body.code).toBe('access.too-many-requests');
    api.clock.advanceSeconds(60);
    await key.get('/users/me').expect(200);
  });

  it('are stamped with their last use, to the minute', async () => {
    const ada = await api.signedIn();
    const key = await api.withKey(ada);
    await key.get('/users/me').expect(200);
    await api.app.get(LastUses).flush();
    const { body } = await ada.get(`/users/me/api-keys/${key.keyId}`).expect(200);
    expect(body.lastUsedAt).toBe(api.clock.now().toISOString());
  });

  it('are stamped when a stop has waited for it, also where somebody else has just begun with it', async () => {
    const ada = await api.signedIn();
    const key = await api.withKey(ada);
    await key.get('/users/me').expect(200);
    let hasStopped = false;
    let release!: () => void;
    const mayCommit = new Promise<void>((resolve) => (release = resolve));
    let held: Promise<void> | undefined;
    await new Promise<void>((isHeld) => {
      held = api.db.transaction(async (tx) => {
        await tx.update(ApiKey, { id: key.keyId }, { name: 'held' });
        isHeld();
        await mayCommit;
      });
    });
    void api.app.get(LastUses).flush();
    const stopped = api.app.get(LastUses).flush().then(() => void (hasStopped = true));
    await new Promise(setImmediate);
    expect(hasStopped).toBe(false);
    release();
    await held;
    await stopped;
    expect((await api.db.findOneByOrFail(ApiKey, { id: key.keyId })).lastUsedAt).toEqual(api.clock.now());
  });

  it('of somebody else are not there: the same answer as for an unknown id', async () => {
    const [ada, eve] = [await api.signedIn(), await api.signedIn()];
    const { keyId } = await api.withKey(ada);
    const paths = [`/users/me/api-keys/${keyId}`, '/users/me/api-keys/0190f3f3-0000-7000-8000-000000000000'];
    for (const path of paths) {
      await eve.get(path).expect(404);
      await eve.patch(path, { name: 'mine' }).expect(404);
      await eve.delete(path).expect(404);
      await eve.post(`${path}/rotate`).expect(404);
    }
    expect((await eve.get('/users/me/api-keys').expect(200)).body.data).toEqual([]);
    await ada.get(`/users/me/api-keys/${keyId}`).expect(200);
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ name: undefined }, 'name'],
    [{ scopes: ['everything'] }, 'scopes'],
    [{ scopes: [Permission.AccountManage] }, 'scopes'],
    [{ allowedCidrs: ['300.1.1.1'] }, 'allowedCidrs'],
    [{ rateLimit: -1 }, 'rateLimit'],
    [{ expiresAt: '2001-01-01T00:00:00Z' }, 'expiresAt'],
    [{ expiresAt: 'tomorrow' }, 'expiresAt'],
    [{ owner: 'me' }, 'owner'],
  ])('refuse %j and name the field', async (flaw, field) => {
    const ada = await api.signedIn();
    const { body } = await ada.post('/users/me/api-keys', { name: 'Lab', ...flaw }).expect(400);
    expect(Object.keys(body.errors)).toEqual([field]);
  });
});

describe('service keys', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start();
  });
  afterAll(() => api.close());

  it('are refused where a user is asked for beyond their scopes', async () => {
    const service = await api.serviceKey(Permission.UsageConsume);
    await service.get('/users/me/api-keys').expect(401);
    await service.get('/auth/me').expect(401);
  });
});
