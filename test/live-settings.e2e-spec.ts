import { randomUUID } from 'node:crypto';
import { AuditEvent } from '../src/audit/audit-event.entity.js';
import { Changes } from '../src/platform/changes/changes.js';
import { LiveSettings } from '../src/platform/config/live-settings.js';
import { LiveSettingsRow } from '../src/platform/config/live-settings.entity.js';
import { Api, PASSWORD, type SignedInCaller, uniqueName } from './support/api.js';
import { ownMsUntil } from './support/own-time.js';

const BOUND_MS = 2000;

describe('live settings', () => {
  let api: Api;
  let root: SignedInCaller;
  beforeAll(async () => {
    api = await Api.start({ sessionIdleHours: 24 * 7 });
    root = await api.admin();
  });
  afterAll(() => api.close());
  afterEach(async () => {
    const { body } = await root.get('/admin/settings');
    await root.patch('/admin/settings', Object.fromEntries(body.map(({ name }: { name: string }) => [name, null]))).expect(200);
  });

  const all = async (): Promise<Record<string, Record<string, unknown>>> => Object.fromEntries((await root.get('/admin/settings').expect(200)).body.map((each: { name: string }) => [each.name, each]));
  const register = (caller = api.anyone) => {
    const username = uniqueName();
    return caller.post('/auth/register', { username, email: `${username}@example.org`, password: PASSWORD }).then(({ status }) => status);
  };

  it('are told with what may be said of them and who said it, and no secret is among them', async () => {
    const settings = await all();
    expect(settings['deletedUserDays']).toMatchObject({ environmentName: 'DELETED_USER_DAYS', type: 'integer', unit: 'days', min: 1, max: 3650, default: 30, value: 30, source: 'default', updatedAt: null, updatedBy: null, liveSince: api.clock.now().toISOString() });
    expect(settings['deletedUserDays']!['description']).toMatch(/^How long a deleted user can be restored/);
    expect(settings['sessionIdleHours']).toMatchObject({ default: 336, value: 168, source: 'environment' });
    expect(settings['registrationOpen']).toMatchObject({ type: 'boolean', min: null, max: null, default: true });
    expect(Object.keys(settings).filter((name) => /key|password$|url|token$|secret|dir$/i.test(name))).toEqual([]);
  });

  it('hold from the next request on, are audited with what was before, and fall back when they are taken away', async () => {
    api.clock.advanceSeconds(60);
    const { body } = await root.patch('/admin/settings', { registrationOpen: false, deletedUserDays: 60 }).expect(200);
    expect(body.find(({ name }: { name: string }) => name === 'deletedUserDays')).toMatchObject({ value: 60, source: 'admin', updatedBy: root.user.id, updatedAt: api.clock.now().toISOString(), liveSince: api.clock.now().toISOString() });
    expect(await register()).toBe(403);
    const [event] = await api.db.find(AuditEvent, { where: { action: 'settings.update' }, order: { id: 'DESC' }, take: 1 });
    expect(event).toMatchObject({ actorId: root.user.id, before: { registrationOpen: null, deletedUserDays: null }, after: { registrationOpen: false, deletedUserDays: 60 } });
    await root.patch('/admin/settings', { registrationOpen: null }).expect(200);
    expect(await register()).toBe(201);
    expect(await all()).toMatchObject({ registrationOpen: { source: 'default' }, deletedUserDays: { value: 60 } });
  });

  it('limit networks by a new rate at once', async () => {
    await root.patch('/admin/settings', { rateLimitRegistration: '1/600' }).expect(200);
    expect([await register(), await register()]).toEqual([201, 429]);
    await root.patch('/admin/settings', { rateLimitRegistration: null }).expect(200);
    expect(await register()).toBe(201);
  });

  it('are refused one and all when one is wrong, with what is allowed', async () => {
    const wrong = { deletedUserDays: 0, registrationOpen: 'no', rateLimitSignIn: 'many', sessionMaxHours: '12' };
    const { body } = await root.patch('/admin/settings', { ...wrong, messageTextDays: 9 }).expect(400);
    const told = Object.fromEntries(body.violations.map(({ pointer, detail }: { pointer: string; detail: string }) => [pointer.slice(1), detail]));
    expect(Object.keys(told).sort()).toEqual(Object.keys(wrong).sort());
    expect(told).toMatchObject({ deletedUserDays: expect.stringContaining('whole numbers of days from 1 to 3650'), registrationOpen: expect.stringContaining('true and false'), rateLimitSignIn: expect.stringContaining('REQUESTS/SECONDS') });
    for (const name of ['masterKey', 'databaseUrl', 'corsOrigins', 'nonsense']) await root.patch('/admin/settings', { [name]: 'x' }).expect(400);
    await root.patch('/admin/settings', []).expect(400);
    expect((await all())['messageTextDays']).toMatchObject({ value: 0, source: 'default' });
  });

  it('are not overwritten by somebody who has not seen the latest: of twenty at once one wins', async () => {
    const { headers } = await root.get('/admin/settings').expect(200);
    const statuses = await Promise.all(Array.from({ length: 20 }, async (_, n) => (await root.patch('/admin/settings', { messageLogDays: n + 1 }).set('if-match', headers['etag'] as string)).status));
    expect(statuses.sort()).toEqual([200, ...Array.from({ length: 19 }, () => 412)]);
  });

  it('hold in another process within two seconds, and there from the start', async () => {
    const { databaseUrl, dataDir } = api.settings;
    const other = await Api.start({ databaseUrl, dataDir });
    await root.patch('/admin/settings', { registrationOpen: false }).expect(200);
    expect(await ownMsUntil(async () => (await register(other.anyone)) === 403)).toBeLessThan(BOUND_MS);
    const third = await Api.start({ databaseUrl, dataDir });
    expect(third.settings.registrationOpen).toBe(false);
    await third.app.close();
    await other.app.close();
  });

  it('that another version of the service left behind and this one cannot use count for nothing', async () => {
    const at = { updatedAt: api.clock.now().toISOString(), updatedBy: null };
    const overrides = { deletedUserDays: { value: -5, ...at }, messageTextDays: { value: 9, ...at }, gone: { value: randomUUID(), ...at } };
    await api.db.update(LiveSettingsRow, { id: LiveSettingsRow.ID }, { overrides });
    await api.app.get(LiveSettings).load();
    await api.app.get(Changes).poll();
    expect(await all()).toMatchObject({ deletedUserDays: { value: 30, source: 'default' }, messageTextDays: { value: 9, source: 'admin' } });
  });
});
