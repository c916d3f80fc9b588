import { type KeyObject, sign } from 'node:crypto';
import { DiscoveryService } from '@nestjs/core';
import { ADMIN_PERMISSIONS, Permission, SERVICE_KEY_SCOPES, StaffLevel } from '../src/access/permission.js';
import { type Route, routesOf } from '../src/access/route-rules.js';
import { Admin } from '../src/admin/admin.entity.js';
import { AuditEvent } from '../src/audit/audit-event.entity.js';
import { SigningKeys } from '../src/auth/signing-keys/signing-keys.js';
import { Session } from '../src/auth/sessions/session.entity.js';
import { OutgoingMail } from '../src/platform/mail/outgoing-mail.entity.js';
import { Api, type Caller, type KeyCaller, PASSWORD, type SignedInCaller } from './support/api.js';

const REASON = 'ticket 4711';
const NOBODYS_ID = '0190f3f3-0000-7000-8000-000000000000';
const LONG = 120_000;

/** All that an admin sees as a user; whoever adds a route decides whether it belongs here, or is `@OwnerOnly`. */
const SEEN = ['/auth/me', '/auth/mfa', '/auth/sessions', '/usage', '/usage/history', '/usage/limits', '/usage/statement', '/users/me', '/users/me/api-keys', '/users/me/api-keys/:id', '/users/me/preferences'];
const SEEN_WITH_MESSAGES = [...SEEN, '/message-logs', '/message-logs/:id'];

interface Begun {
  accessToken: string;
  expiresIn: number;
  sessionId: string;
  expiresAt: string;
}

describe('an admin who acts as a user', () => {
  let api: Api;
  let admin: SignedInCaller;
  let ada: SignedInCaller;
  let application: KeyCaller;
  let routes: Route[];
  beforeAll(async () => {
    api = await Api.start();
    [admin, ada] = [await api.admin(), await api.signedIn()];
    application = await api.serviceKey(...SERVICE_KEY_SCOPES);
    routes = routesOf(api.app.get(DiscoveryService, { strict: false }));
  });
  afterAll(() => api.close());

  const begin = (user: SignedInCaller, by: Caller = admin) => by.post(`/admin/users/${user.user.id}/impersonate`, { reason: REASON });
  const begun = async (user: SignedInCaller, by: Caller = admin): Promise<Begun> => (await begin(user, by).expect(201)).body as Begun;
  const as = async (user: SignedInCaller, by: Caller = admin): Promise<Caller> => api.with((await begun(user, by)).accessToken);
  const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;
  const events = (action: string, targetId: string) => api.db.find(AuditEvent, { where: { action, targetId }, order: { at: 'ASC', id: 'ASC' } });
  const call = (caller: Caller, method: string, path: string) => {
    const verb = (method === 'ALL' ? 'post' : method.toLowerCase()) as 'get' | 'post' | 'put' | 'patch' | 'delete';
    const url = path.replace(/:\w+/g, NOBODYS_ID);
    return verb === 'get' ? caller.get(url) : caller[verb](url, {});
  };

  it('sees what the user sees, and that it is not the user', async () => {
    const { accessToken, ...rest } = await begun(ada);
    expect(rest).toEqual({ tokenType: 'Bearer', expiresIn: 900, sessionId: expect.any(String), expiresAt: new Date(api.clock.millis() + 900_000).toISOString() });
    expect(claimsOf(accessToken)).toMatchObject({ sub: ada.user.id, sid: rest.sessionId, aud: 'provost:user:read-only', act: { sub: admin.user.id, kind: 'admin' } });
    const adasEyes = api.with(accessToken);
    expect((await adasEyes.get('/users/me').expect(200)).body).toEqual((await ada.get('/users/me')).body);
    const { body } = await adasEyes.get('/auth/me').expect(200);
    expect(body).toMatchObject({ user: { id: ada.user.id }, session: { id: rest.sessionId }, impersonatedBy: 'admin' });
  });

  it('can call nothing that is not GET: every other route of the service is 403 to it', async () => {
    const adasEyes = await as(ada);
    const wrong: string[] = [];
    const writing = routes.filter(({ method }) => method !== 'GET');
    for (const { method, path } of writing) {
      const { status, body } = await call(adasEyes, method, path);
      if (status !== 403 || (body as { code?: string }).code !== 'access.read-only') wrong.push(`${method} ${path}: ${status}`);
    }
    expect(wrong).toEqual([]);
    expect(writing.length).toBeGreaterThan(60);
    await ada.get('/users/me').expect(200);
  }, LONG);

  it('is let into exactly these routes, into messages only as one who may read everybody\'s, and never into those of staff and admins', async () => {
    const reading = routes.filter(({ method, rule }) => method === 'GET' && !rule.isPublic);
    const open = async (caller: Caller) => {
      const seen: string[] = [];
      for (const { method, path } of reading) if (![401, 403].includes((await call(caller, method, path)).status)) seen.push(path);
      return seen;
    };
    expect(await open(await as(ada))).toEqual([...SEEN_WITH_MESSAGES].sort());
    const modest = await api.admin();
    await api.db.update(Admin, { id: modest.user.id }, { permissions: [Permission.UsersImpersonate] });
    expect(await open(await as(ada, modest))).toEqual([...SEEN].sort());
  }, LONG);

  it('does not get the archive of what is held about the user', async () => {
    const { body } = await (await as(ada)).get('/users/me/export').expect(403);
    expect(body.code).toBe('access.owner-only');
  });

  it('needs the permission and a reason, is an admin and no staff, and finds no user who is deleted or banned', async () => {
    const [bob, eve] = [await api.signedIn(), await api.signedIn()];
    const other = await api.admin();
    await api.db.update(Admin, { id: other.user.id }, { permissions: ADMIN_PERMISSIONS.filter((each) => each !== Permission.UsersImpersonate) });
    await begin(bob, other).expect(403);
    await admin.post(`/admin/users/${bob.user.id}/impersonate`, {}).expect(400);
    for (const caller of [await api.staff(StaffLevel.Lead), bob, application, api.anyone]) expect([401, 403]).toContain((await begin(bob, caller)).status);
    await bob.delete('/users/me', { password: PASSWORD }).expect(200);
    await begin(bob).expect(404);
    await admin.post(`/admin/users/${eve.user.id}/ban`, { reason: REASON }).expect(200);
    expect((await begin(eve).expect(409)).body.code).toBe('users.not-active');
    expect(await api.db.countBy(Session, { impersonatorId: admin.user.id, principalId: bob.user.id })).toBe(0);
  });

  it('is told to the user by mail, is among the user\'s sessions without saying from where, and is ended there', async () => {
    const bob = await api.signedIn();
    const mails = await api.db.countBy(OutgoingMail, { principalId: bob.user.id });
    const { accessToken, sessionId } = await begun(bob);
    expect(await api.db.countBy(OutgoingMail, { principalId: bob.user.id })).toBe(mails + 1);
    const { body } = await bob.get('/auth/sessions').expect(200);
    expect(body.data.find(({ id }: { id: string }) => id === sessionId)).toMatchObject({ impersonatedBy: 'admin', device: 'An administrator', ip: '' });
    expect(body.data.find(({ current }: { current: boolean }) => current)).toMatchObject({ impersonatedBy: null });
    await bob.delete(`/auth/sessions/${sessionId}`).expect(200);
    await api.with(accessToken).get('/users/me').expect(401);
    await bob.get('/users/me').expect(200);
  });

  it('leaves audit rows of the admin on the user\'s behalf: the beginning with its reason, everything looked at, the end', async () => {
    const bob = await api.signedIn();
    const { accessToken, sessionId } = await begun(bob);
    const bobsEyes = api.with(accessToken);
    await bobsEyes.get('/users/me/api-keys?limit=5').expect(200);
    await bobsEyes.get(`/message-logs/${NOBODYS_ID}`).expect(404);
    await bobsEyes.patch('/users/me', { name: 'X' }).expect(403);
    expect((await admin.delete(`/admin/users/${bob.user.id}/impersonate`).expect(200)).body).toEqual({ id: bob.user.id, ended: 1 });
    await bobsEyes.get('/users/me').expect(401);
    const by = { actorKind: 'admin', actorId: admin.user.id, onBehalfOf: bob.user.id };
    expect(await events('users.impersonate', bob.user.id)).toMatchObject([{ ...by, reason: REASON, after: { session: sessionId } }]);
    expect(await events('users.read-as', bob.user.id)).toMatchObject([
      { ...by, after: { session: sessionId, method: 'GET', path: '/api/v1/users/me/api-keys' } },
      { ...by, after: { session: sessionId, method: 'GET', path: `/api/v1/message-logs/${NOBODYS_ID}` } },
    ]);
    expect(await events('users.end-impersonation', bob.user.id)).toMatchObject([{ ...by, after: { ended: 1 } }]);
  });

  it('is not active to applications, which are told what it is, and nothing is counted', async () => {
    const bob = await api.signedIn();
    const { accessToken } = await begun(bob);
    const { body } = await application.post('/auth/verify', { token: accessToken, cost: { conversations: 1 } }).expect(200);
    expect(body).toEqual({ active: false, subject: bob.user.id, kind: 'user', readOnly: true, act: { sub: admin.user.id, kind: 'admin' }, reason: 'access.read-only' });
    await api.with(accessToken).post('/usage/consume', { conversations: 1 }).expect(403);
    expect((await bob.get('/usage').expect(200)).body.limits.filter(({ used }: { used: number }) => used > 0)).toEqual([]);
  });

  describe('is out', () => {
    const endings: Record<string, (by: SignedInCaller, user: SignedInCaller) => unknown> = {
      'the admin signs out': (by) => by.post('/admin/auth/logout', { refreshToken: by.refreshToken }).expect(204),
      'the admin signs out everywhere': (by) => by.post('/admin/auth/logout-all', { refreshToken: by.refreshToken }).expect(204),
      'the admin is disabled': (by) => admin.patch(`/admin/admins/${by.user.id}`, { status: 'disabled' }).expect(200),
      'the admin loses the permission': (by) => admin.patch(`/admin/admins/${by.user.id}`, { permissions: [Permission.UsersRead] }).expect(200),
      'the admin is removed': (by) => admin.delete(`/admin/admins/${by.user.id}`).expect(200),
      'the user is banned': (_, { user }) => admin.post(`/admin/users/${user.id}/ban`, { reason: REASON }).expect(200),
      'the user is deleted': (_, user) => user.delete('/users/me', { password: PASSWORD }).expect(200),
      'the user ends all other sessions': (_, user) => user.delete('/auth/sessions').expect(200),
      'a quarter of an hour is over': () => api.clock.advanceSeconds(900),
    };

    it.each(Object.keys(endings))('on the next request after %s', async (ending) => {
      const [by, bob] = [await api.admin(), await api.signedIn()];
      const bobsEyes = await as(bob, by);
      await bobsEyes.get('/users/me').expect(200);
      await endings[ending]!(by, bob);
      await bobsEyes.get('/users/me').expect(401);
    });
  });

  it('is nothing with a token in which the claim and the audience do not belong together, whoever signed it', async () => {
    const { accessToken, sessionId } = await begun(await api.signedIn(), await api.admin());
    const claims = claimsOf(accessToken);
    const { kid, privateKey } = api.app.get(SigningKeys).current;
    const { act, ...withoutAct } = claims;
    const forged = [withoutAct, { ...claims, aud: 'provost:user' }, { ...withoutAct, aud: 'provost:user' }, { ...claims, act: { ...(act as object), sub: admin.user.id } }, { ...claims, act: { sub: (act as { sub: string }).sub, kind: 'staff' } }];
    for (const payload of forged) {
      await api.with(signed({ ...payload, jti: sessionId }, kid, privateKey)).get('/users/me').expect(401);
    }
    await api.with(signed({ ...claims, jti: sessionId }, kid, privateKey)).get('/users/me').expect(200);
  });
});

function signed(claims: object, kid: string, key: KeyObject): string {
  const text = [{ alg: 'ES256', typ: 'at+jwt', kid }, claims].map((each) => Buffer.from(JSON.stringify(each)).toString('base64url')).join('.');
  return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}
