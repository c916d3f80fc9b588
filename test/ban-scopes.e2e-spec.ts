import { AuditEvent } from '../src/audit/audit-event.entity.js';
import { Permission, StaffLevel } from '../src/access/permission.js';
import { Api, type Caller, type KeyCaller, PASSWORD, type SignedInCaller } from './support/api.js';

const REASON = 'ticket 4711';
const LOG = { model: 'm', messages: [{ role: 'user', content: 'Hello?' }] };
const MINUTE_MS = 60_000;

describe('a ban', () => {
  let api: Api;
  let admin: SignedInCaller;
  let lead: SignedInCaller;
  let application: KeyCaller;
  beforeAll(async () => {
    api = await Api.start();
    [admin, lead] = [await api.admin(), await api.staff(StaffLevel.Lead)];
    application = await api.serviceKey(Permission.Verify, Permission.MessagesWrite, Permission.UsageConsume);
  });
  afterAll(() => api.close());

  const ban = ({ user }: SignedInCaller, scope: string, terms: object = {}, by: Caller = admin) =>
    by.post(`/${by === lead ? 'staff' : 'admin'}/users/${user.id}/ban`, { scope, reason: REASON, ...terms });
  const unban = ({ user }: SignedInCaller, terms: object = {}) => admin.post(`/admin/users/${user.id}/unban`, { reason: REASON, ...terms });
  const inAMinute = (): string => new Date(api.clock.millis() + MINUTE_MS).toISOString();
  const signIn = ({ user }: SignedInCaller) => api.anyone.post('/auth/login', { login: user.username, password: PASSWORD });
  const verify = (credential: object) => application.post('/auth/verify', credential).expect(200).then(({ body }) => body as { active: boolean; reason?: string });

  describe('from the API', () => {
    it('refuses the user\'s keys at once, also to applications that ask, and neither session nor sign-in', async () => {
      const ada = await api.signedIn();
      const key = await api.withKey(ada);
      await key.get('/usage').expect(200);
      const { body } = await ban(ada, 'api').expect(200);
      expect(body).toMatchObject({ status: 'active', bannedUntil: null, bans: [{ scope: 'api', until: null, reason: REASON, at: api.clock.now().toISOString() }] });
      const { body: problem } = await key.post('/usage/consume', { conversations: 1 }).expect(403);
      expect(problem).toMatchObject({ code: 'api-keys.banned', until: null });
      expect(await verify({ apiKey: key.credential })).toEqual({ active: false, reason: 'api-keys.banned' });
      expect(await verify({ token: ada.accessToken })).toMatchObject({ active: true });
      await ada.post('/usage/consume', { conversations: 1 }).expect(200);
      await signIn(ada).expect(200);
    });

    it('tells nothing of itself to somebody who holds no key', async () => {
      const ada = await api.signedIn();
      const key = await api.withKey(ada);
      await ban(ada, 'api').expect(200);
      const wrong = `${key.credential!.slice(0, -6)}${key.credential!.endsWith('aaaaaa') ? 'bbbbbb' : 'aaaaaa'}`;
      await api.with(wrong).get('/usage').expect(401);
    });

    it('ends by the clock', async () => {
      const ada = await api.signedIn();
      const key = await api.withKey(ada);
      await ban(ada, 'api', { until: inAMinute() }).expect(200);
      await key.get('/usage').expect(403);
      api.clock.advanceSeconds(60);
      await key.get('/usage').expect(200);
      expect((await admin.get(`/admin/users/${ada.user.id}`)).body.bans).toEqual([]);
    });
  });

  describe('from messages', () => {
    it('refuses new message logs by the user and by an application in the user\'s name at once, though the user\'s text key is in memory', async () => {
      const ada = await api.signedIn();
      const key = await api.withKey(ada);
      await ada.post('/message-logs', { ...LOG, id: 'before' }).expect(202);
      await ban(ada, 'messages', { until: inAMinute() }).expect(200);
      for (const [caller, log] of [[ada, LOG], [key, LOG], [application, { ...LOG, userId: ada.user.id }]] as const) {
        const { body } = await caller.post('/message-logs', log).expect(403);
        expect(body).toMatchObject({ code: 'message-logs.banned', until: inAMinute() });
      }
      await ada.get('/message-logs/before').expect(200);
      await ada.post('/usage/consume', { conversations: 1 }).expect(200);
      api.clock.advanceSeconds(60);
      await key.post('/message-logs', LOG).expect(202);
    });

    it('also holds for a user who has never posted anything', async () => {
      const ada = await api.signedIn();
      await ban(ada, 'messages').expect(200);
      await ada.post('/message-logs', LOG).expect(403);
      await ada.post('/message-logs', LOG).expect(403);
    });

    it('rejects the user\'s items of a request and takes those of others', async () => {
      const [ada, bob] = [await api.signedIn(), await api.signedIn()];
      await ban(ada, 'messages').expect(200);
      const { body } = await application.post('/message-logs', { items: [{ ...LOG, userId: ada.user.id }, { ...LOG, userId: bob.user.id }] }).expect(202);
      expect(body).toMatchObject({ accepted: 1, rejected: [{ index: 0, problem: { status: 403, code: 'message-logs.banned' } }] });
    });
  });

  it('holds beside bans of other scopes, each with its own end and reason, and is ended alone or with all', async () => {
    const ada = await api.signedIn();
    await ban(ada, 'sign-in', { reason: 'the whole' }).expect(200);
    await ban(ada, 'api', { until: inAMinute(), reason: 'the keys' }, lead).expect(200);
    const { body } = await ban(ada, 'messages', { reason: 'the texts' }).expect(200);
    expect(body.status).toBe('banned');
    expect(body.bans).toMatchObject([{ scope: 'sign-in', until: null, reason: 'the whole' }, { scope: 'api', until: inAMinute(), reason: 'the keys' }, { scope: 'messages', until: null, reason: 'the texts' }]);
    const desk = await lead.get(`/staff/users/${ada.user.id}`).expect(200);
    expect(desk.body.bans).toEqual(body.bans);
    const listed = await admin.get(`/admin/users?username=${ada.user.username}`).expect(200);
    expect(listed.body[0].bans).toEqual(body.bans);
    const one = await unban(ada, { scope: 'sign-in' }).expect(200);
    expect(one.body).toMatchObject({ status: 'active', bans: [{ scope: 'api' }, { scope: 'messages' }] });
    await ban(ada, 'sign-in').expect(200);
    expect((await unban(ada).expect(200)).body).toMatchObject({ status: 'active', bans: [] });
  });

  it('is of the whole account where no scope is named, and of no scope that there is not', async () => {
    const ada = await api.signedIn();
    for (const scope of ['everything', null, 7, ['api']]) await admin.post(`/admin/users/${ada.user.id}/ban`, { scope, reason: REASON }).expect(400);
    const { body } = await admin.post(`/admin/users/${ada.user.id}/ban`, { reason: REASON }).expect(200);
    expect(body.bans).toMatchObject([{ scope: 'sign-in' }]);
    await ada.get('/users/me').expect(401);
  });

  it('is in the audit with its scope', async () => {
    const ada = await api.signedIn();
    await ban(ada, 'api').expect(200);
    await unban(ada, { scope: 'api' }).expect(200);
    const events = await api.db.find(AuditEvent, { where: { targetId: ada.user.id }, order: { at: 'ASC', id: 'ASC' } });
    const changes = events.filter(({ action }) => /ban$/.test(action));
    expect(changes.map(({ action, after, reason }) => ({ action, after, reason }))).toEqual([
      { action: 'users.ban', after: { scope: 'api', until: null }, reason: REASON },
      { action: 'users.unban', after: { scope: 'api' }, reason: REASON },
    ]);
  });
});
