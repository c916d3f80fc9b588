import { AuditEvent } from '../src/audit/audit-event.entity.js';
import { LoginAudit } from '../src/auth/login-audit.entity.js';
import { Session } from '../src/auth/sessions/session.entity.js';
import { User } from '../src/users/user.entity.js';
import { Api, PASSWORD, uniqueName } from './support/api.js';

describe('registration', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start();
  });
  afterAll(() => api.close());

  const someone = (change: object = {}) => {
    const username = uniqueName();
    return { username, email: `${username}@example.org`, password: PASSWORD, ...change };
  };

  it('makes an account that can sign in by username or e-mail address, in any case', async () => {
    const { username, email } = someone();
    const { body } = await api.anyone.post('/auth/register', { username, email, password: PASSWORD, name: '  Ada  ' }).expect(201);
    expect(body.user).toMatchObject({ username, email, name: 'Ada', kind: 'user', status: 'active', timeZone: 'UTC' });
    for (const login of [{ login: username.toUpperCase() }, { login: email }, { username }, { email: email.toUpperCase() }]) {
      const { body: signedIn } = await api.anyone.post('/auth/login', { ...login, password: PASSWORD }).expect(200);
      expect(signedIn).toMatchObject({ tokenType: 'Bearer', expiresIn: 900, user: { id: body.user.id } });
    }
  });

  it('gives a name to one of twenty who want it at once, and leaves nothing of the others', async () => {
    const wanted = someone();
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.anyone.post('/auth/register', wanted)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const { body } of answers.filter(({ status }) => status !== 201)) expect(body).toMatchObject({ status: 409, code: 'users.taken' });
    expect(await api.db.countBy(User, { username: wanted.username })).toBe(1);
  });

  it('is done once when it is repeated with the same Idempotency-Key', async () => {
    const request = someone();
    const send = () => api.anyone.post('/auth/register', request).set('idempotency-key', request.username);
    const { body: first } = await send().expect(201);
    const { body: again } = await send().expect(201).expect('idempotency-replayed', 'true');
    expect(again).toEqual(first);
  });

  it('says which of the two names is taken', async () => {
    const first = someone();
    await api.anyone.post('/auth/register', first).expect(201);
    const sameName = await api.anyone.post('/auth/register', someone({ username: first.username.toUpperCase() })).expect(409);
    expect(sameName.body.errors).toHaveProperty('username');
    const sameAddress = await api.anyone.post('/auth/register', someone({ email: first.email.toUpperCase() })).expect(409);
    expect(sameAddress.body.errors).toHaveProperty('email');
  });

  it.each([
    [{ password: 'short' }, 'password'],
    [{ username: 'a b' }, 'username'],
    [{ username: 'аdmin-cyrillic' }, 'username'],
    [{ email: 'no-address' }, 'email'],
    [{ email: 'a@b.org\r\nBcc: x@y.org' }, 'email'],
    [{ name: 'bell\u0007' }, 'name'],
    [{ admin: true }, 'admin'],
    [{ password: 12345678901234 }, 'password'],
  ])('refuses %j and names the field', async (flaw, field) => {
    const { body } = await api.anyone.post('/auth/register', someone(flaw)).expect(400);
    expect(Object.keys(body.errors)).toEqual([field]);
  });

  it('refuses the own name as password', async () => {
    const username = uniqueName('a-long-name');
    await api.anyone.post('/auth/register', { username, email: 'x@example.org', password: username }).expect(400);
  });

  it('takes a password exactly as it is sent', async () => {
    const request = someone({ password: '  spaces around & ünïcödé  ' });
    await api.anyone.post('/auth/register', request).expect(201);
    await api.anyone.post('/auth/login', { login: request.username, password: request.password.trim() }).expect(401);
    await api.anyone.post('/auth/login', { login: request.username, password: request.password }).expect(200);
  });
});

describe('sessions', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start();
  });
  afterAll(() => api.close());

  it('answers a wrong password and an unknown name alike, and notes both', async () => {
    const { user } = await api.signedIn();
    const wrong = await api.anyone.post('/auth/login', { login: user.username, password: 'wrong password here' }).expect(401);
    const unknown = await api.anyone.post('/auth/login', { login: uniqueName('nobody'), password: 'wrong password here' }).expect(401);
    const { requestId: _a, ...first } = wrong.body;
    const { requestId: _b, ...second } = unknown.body;
    expect(first).toEqual(second);
    const reasons = (await api.db.find(LoginAudit, { where: { principalId: user.id }, order: { id: 'ASC' } })).map(({ ok, reason }) => [ok, reason]);
    expect(reasons).toEqual([[true, 'signed-in'], [false, 'wrong-password']]);
  });

  it('shows admins every attempt, newest first, by person, typed name, outcome, address and time', async () => {
    const [admin, { user }] = [await api.admin(), await api.signedIn()];
    const start = api.clock.now().toISOString();
    api.clock.advanceSeconds(1);
    const typed = `${user.username.toUpperCase()}-x`;
    await api.anyone.post('/auth/login', { login: user.username, password: 'wrong password here' }).expect(401);
    await api.anyone.post('/auth/login', { login: typed, password: 'wrong password here' }).expect(401);
    const found = async (query: string) => ((await admin.get(`/admin/sign-ins?${query}`).expect(200)).body as { login: string; reason: string }[]).map(({ login, reason }) => [login, reason]);
    expect(await found(`principalId=${user.id}`)).toEqual([[user.username, 'wrong-password'], [user.username, 'signed-in']]);
    expect(await found(`principalId=${user.id}&ok=true`)).toEqual([[user.username, 'signed-in']]);
    expect(await found(`login_like=${typed.slice(0, -1)}`)).toEqual([[typed, 'unknown-name']]);
    expect(await found(`q=${typed.slice(0, -1)}`)).toEqual([[typed, 'unknown-name']]);
    expect(await found(`reason=wrong-password&principalId=${user.id}&ip=127.0.0.1&kind=user&at_gte=${api.clock.now().toISOString()}`)).toEqual([[user.username, 'wrong-password']]);
    expect(await found(`principalId=${user.id}&at_lte=${start}`)).toEqual([[user.username, 'signed-in']]);
    expect(await found(`principalId=${user.id}&ip=192.0.2.1`)).toEqual([]);
    const first = await admin.get(`/admin/sign-ins?principalId=${user.id}&limit=1`).expect(200);
    const next = /<\?([^>]+)>; rel="next"/.exec(first.headers.link!)![1]!;
    expect((await admin.get(`/admin/sign-ins?${next}`).expect(200)).body).toMatchObject([{ login: user.username, ok: true, principalId: user.id, kind: 'user' }]);
    await admin.get('/admin/sign-ins?password=x').expect(400);
  });

  it('tells who is signed in', async () => {
    const ada = await api.signedIn();
    const { body } = await ada.get('/auth/me').expect(200);
    expect(body).toMatchObject({ user: { id: ada.user.id }, permissions: expect.arrayContaining(['usage:consume']) });
    expect(body.session.id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('moves on by one with each refresh, and twenty at once get the same next token', async () => {
    const { refreshToken } = await api.signedIn();
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.anyone.post('/auth/refresh', { refreshToken })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const next = new Set(answers.map(({ body }) => body.refreshToken as string));
    expect(next.size).toBe(1);
    expect(next.has(refreshToken)).toBe(false);
  });

  it('answers a client that lost the answer with the same new token, but only for a short while', async () => {
    const { refreshToken } = await api.signedIn();
    const { body: first } = await api.anyone.post('/auth/refresh', { refreshToken }).expect(200);
    api.clock.advanceSeconds(29);
    const { body: again } = await api.anyone.post('/auth/refresh', { refreshToken }).expect(200);
    expect(again.refreshToken).toBe(first.refreshToken);
    api.clock.advanceSeconds(2);
    const { body: late } = await api.anyone.post('/auth/refresh', { refreshToken }).expect(401);
    expect(late.code).toBe('auth.refresh-token-reused');
  });

  it('ends when an older refresh token comes back, for thief and owner alike, and leaves an audit row', async () => {
    const ada = await api.signedIn();
    const { body: second } = await api.anyone.post('/auth/refresh', { refreshToken: ada.refreshToken }).expect(200);
    const { body: third } = await api.anyone.post('/auth/refresh', { refreshToken: second.refreshToken }).expect(200);
    await api.anyone.post('/auth/refresh', { refreshToken: ada.refreshToken }).expect(401);
    await api.anyone.post('/auth/refresh', { refreshToken: third.refreshToken }).expect(401);
    await api.with(third.accessToken).get('/auth/me').expect(401);
    expect(await api.db.countBy(AuditEvent, { actorId: ada.user.id, action: 'auth.refresh-token-reused' })).toBe(1);
  });

  it('is not ended by an invented refresh token', async () => {
    const ada = await api.signedIn();
    const invented = ada.refreshToken.replace(/_1_.*/, `_1_${'A'.repeat(43)}`);
    await api.anyone.post('/auth/refresh', { refreshToken: invented }).expect(401);
    await ada.get('/auth/me').expect(200);
  });

  it('is dead on the next request after sign-out, with its access token too', async () => {
    const ada = await api.signedIn();
    await api.anyone.post('/auth/logout', { refreshToken: ada.refreshToken }).expect(204);
    await ada.get('/auth/me').expect(401);
    await api.anyone.post('/auth/refresh', { refreshToken: ada.refreshToken }).expect(401);
  });

  it('can be signed out by the access token alone', async () => {
    const ada = await api.signedIn();
    await ada.post('/auth/logout').expect(204);
    await ada.get('/auth/me').expect(401);
  });

  it('lists the own sessions, marks this one, and ends one, the others or all', async () => {
    const ada = await api.signedIn();
    const more = async () => (await api.anyone.post('/auth/login', { login: ada.user.username, password: PASSWORD }).expect(200)).body as { accessToken: string; refreshToken: string };
    const [phone, tablet] = [await more(), await more()];
    const { body } = await ada.get('/auth/sessions').expect(200);
    expect(body.data).toHaveLength(3);
    expect(body.data.filter(({ current }: { current: boolean }) => current)).toHaveLength(1);
    const phoneId = (await api.with(phone.accessToken).get('/auth/me')).body.session.id as string;
    await ada.delete(`/auth/sessions/${phoneId}`).expect(200, { id: phoneId });
    await api.with(phone.accessToken).get('/auth/me').expect(401);
    await ada.delete('/auth/sessions').expect(200, { ended: 1 });
    await api.with(tablet.accessToken).get('/auth/me').expect(401);
    await api.anyone.post('/auth/logout-all', { refreshToken: ada.refreshToken }).expect(204);
    await ada.get('/auth/me').expect(401);
  });

  it("does not let anybody end another's session: the same 404 as an unknown id", async () => {
    const [ada, eve] = [await api.signedIn(), await api.signedIn()];
    const id = (await ada.get('/auth/me')).body.session.id as string;
    await eve.delete(`/auth/sessions/${id}`).expect(404);
    await ada.get('/auth/me').expect(200);
  });

  it('ends after the idle time, and after its longest life whatever happens', async () => {
    const ada = await api.signedIn();
    let { refreshToken } = ada;
    api.clock.advanceSeconds(14 * 86_400 + 1);
    await api.anyone.post('/auth/refresh', { refreshToken }).expect(401);
    const bob = await api.signedIn();
    ({ refreshToken } = bob);
    for (let week = 1; week <= 12; week += 1) {
      api.clock.advanceSeconds(7 * 86_400);
      ({ refreshToken } = (await api.anyone.post('/auth/refresh', { refreshToken }).expect(200)).body as { refreshToken: string });
    }
    api.clock.advanceSeconds(7 * 86_400);
    await api.anyone.post('/auth/refresh', { refreshToken }).expect(401);
    expect(await api.db.countBy(Session, { principalId: bob.user.id })).toBe(1);
  });

  it('does not begin with a password that is being changed at that moment', async () => {
    const ada = await api.signedIn();
    api.clock.advanceSeconds(60);
    const signIns = Array.from({ length: 10 }, () => api.anyone.post('/auth/login', { login: ada.user.username, password: PASSWORD }));
    const change = ada.post('/auth/password/change', { currentPassword: PASSWORD, newPassword: 'another fine password 3' });
    const [changed, ...answers] = await Promise.all([change, ...signIns]);
    expect(changed.status).toBe(200);
    for (const { status, body } of answers) if (status === 200) await api.with(body.accessToken as string).get('/auth/me').expect(401);
    const alive = await api.with(changed.body.accessToken as string).get('/auth/sessions').expect(200);
    expect(alive.body.data).toHaveLength(1);
  });

  it('goes on after a password change only with the new tokens', async () => {
    const ada = await api.signedIn();
    await ada.post('/auth/password/change', { currentPassword: 'not this one here', newPassword: 'another good password' }).expect(403);
    const { body } = await ada.post('/auth/password/change', { currentPassword: PASSWORD, newPassword: 'another good password' }).expect(200);
    await ada.get('/auth/me').expect(401);
    await api.with(body.accessToken).get('/auth/me').expect(200);
    await api.anyone.post('/auth/login', { login: ada.user.username, password: PASSWORD }).expect(401);
    await api.anyone.post('/auth/login', { login: ada.user.username, password: 'another good password' }).expect(200);
  });
});

describe('users/me', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start();
  });
  afterAll(() => api.close());

  it('merges what is sent, ignores echoed fields, and refuses unknown ones by name', async () => {
    const ada = await api.signedIn();
    const { body: profile } = await ada.get('/users/me').expect(200).expect('etag', '"1"');
    const { body: changed } = await ada.patch('/users/me', { ...profile, name: 'Ada Lovelace' }).expect(200);
    expect(changed).toMatchObject({ name: 'Ada Lovelace', username: profile.username, email: profile.email, version: 2 });
    const { body } = await ada.patch('/users/me', { nickname: 'A' }).expect(400);
    expect(body.errors).toEqual({ nickname: 'There is no field "nickname" here.' });
  });

  it('refuses a change that is based on an old version', async () => {
    const ada = await api.signedIn();
    await ada.patch('/users/me', { name: 'One' }).set('if-match', '"1"').expect(200);
    const { body } = await ada.patch('/users/me', { name: 'Two' }).set('if-match', '"1"').expect(412);
    expect(body).toMatchObject({ code: 'request.stale-version', currentVersion: 2 });
  });

  it('keeps preferences that are not mentioned', async () => {
    const ada = await api.signedIn();
    await ada.put('/users/me/preferences', { timeZone: 'Asia/Kolkata', custom: { sidebar: 'left' } }).expect(200);
    const { body } = await ada.patch('/users/me/preferences', { notifications: { weekly: true } }).expect(200);
    expect(body).toEqual({ timeZone: 'Asia/Kolkata', language: 'en', theme: 'system', notifications: { weekly: true }, custom: { sidebar: 'left' } });
    await ada.patch('/users/me/preferences', { timeZone: 'Mars/Olympus' }).expect(400);
  });
});
