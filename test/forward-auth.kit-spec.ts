import { Permission } from '../src/access/permission.js';
import { Api } from './support/api.js';
import { type Answer, ask, ForwardProxy, PlainApplication, type Ports } from './support/forward-proxies.js';

const bearer = (credential: string): Record<string, string> => ({ authorization: `Bearer ${credential}` });
const FORGED = { 'X-Provost-Subject': 'root', 'x-provost-kind': 'admin', 'X-PROVOST-PLAN': 'gold', 'X-Provost-Scopes': 'users:write', X_Provost_Subject: 'root', 'X-Provost_Kind': 'admin' };

/** The configurations are those of the guides: test/support/forward-proxies.ts runs the files below deploy/ as they are. */
describe.each([
  ['nginx', (ports: Ports) => ForwardProxy.nginx(ports), 503],
  ['Caddy', (ports: Ports) => ForwardProxy.caddy(ports), 502],
])('%s in front of an application', (_, startProxy, statusWhenAway) => {
  let api: Api;
  let application: PlainApplication;
  let proxy: ForwardProxy;
  beforeAll(async () => {
    // The address of the proxy alone, so that callers from 127.0.0.2 are somebody else.
    api = await Api.start({ trustProxy: ['127.0.0.1'] });
    application = await PlainApplication.start();
    proxy = await startProxy({ provost: Number(new URL(api.url).port), application: application.port });
  });
  beforeEach(() => {
    application.seen.length = 0;
  });
  afterAll(async () => {
    await proxy.stop();
    application.stop();
    await api.close();
  });

  const problemOf = ({ headers, body }: Answer): Record<string, unknown> => {
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    return JSON.parse(body) as Record<string, unknown>;
  };
  const through = async (credential: string, path = '/'): Promise<number> => (await ask(proxy.port, path, bearer(credential))).status;

  it('keeps out whoever is nobody, with a problem about the request that was made', async () => {
    const answer = await ask(proxy.port, '/notes/7?page=2');
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Bearer realm="provost"']);
    expect(problemOf(answer)).toMatchObject({ status: 401, code: 'auth.required', instance: '/notes/7', requestId: expect.any(String) });
    for (const credential of ['invented', `pv_live_${'x'.repeat(60)}`]) expect(await through(credential)).toBe(401);
    expect(application.seen).toEqual([]);
  });

  it('lets a token through, with its request as it was and who sent it', async () => {
    const user = await api.signedIn();
    const { status, body } = await ask(proxy.port, '/notes/7?page=2', { ...bearer(user.accessToken), 'content-type': 'text/markdown' }, { method: 'PUT', body: '# Bread' });
    expect([status, body]).toEqual([200, 'let through']);
    const [seen] = application.seen;
    expect(seen).toMatchObject({ method: 'PUT', url: '/notes/7?page=2', body: '# Bread' });
    expect(seen!.headers).toMatchObject({ 'content-type': 'text/markdown', 'x-provost-subject': user.user.id, 'x-provost-kind': 'user', 'x-provost-plan': 'free', 'x-provost-scopes': expect.stringContaining('messages:write') });
  });

  it('lets API keys and service keys through, by either header', async () => {
    const user = await api.signedIn();
    const { key } = await api.withKey(user, { scopes: [Permission.UsageRead, Permission.MessagesRead] });
    const { key: serviceKey, keyId } = await api.serviceKey(Permission.MessagesWrite);
    await ask(proxy.port, '/', { 'x-api-key': key });
    await ask(proxy.port, '/', bearer(serviceKey));
    const told = application.seen.map(({ headers }) => ['subject', 'kind', 'plan', 'scopes'].map((name) => headers[`x-provost-${name}`] ?? ''));
    expect(told).toEqual([
      [user.user.id, 'user', 'free', 'usage:read messages:read'],
      [keyId, 'service', '', 'messages:write'],
    ]);
  });

  it('passes none of the headers on that a client made up', async () => {
    const { key } = await api.serviceKey(Permission.MessagesWrite);
    const { accessToken, user } = await api.signedIn();
    for (const credential of [key, accessToken]) expect((await ask(proxy.port, '/', { ...FORGED, ...bearer(credential) })).status).toBe(200);
    const arrived = application.seen.map(({ headers }) => Object.entries(headers).filter(([name, value]) => name.replaceAll('_', '-').startsWith('x-provost') && value !== '').map(([name]) => name).sort());
    expect(arrived).toEqual([
      ['x-provost-kind', 'x-provost-scopes', 'x-provost-subject'],
      ['x-provost-kind', 'x-provost-plan', 'x-provost-scopes', 'x-provost-subject'],
    ]);
    expect(application.seen.map(({ headers }) => headers['x-provost-subject'])).toEqual([expect.not.stringContaining('root'), user.id]);
  });

  it('keeps out keys of staff and admins, dead sessions, and keys that were revoked, from the next request on', async () => {
    expect(await through((await api.admin()).accessToken)).toBe(401);
    const user = await api.signedIn();
    const { key, keyId } = await api.withKey(user);
    expect([await through(key), await through(user.accessToken)]).toEqual([200, 200]);
    await user.delete(`/users/me/api-keys/${keyId}`).expect(200);
    expect([await through(key), await through(user.accessToken)]).toEqual([401, 200]);
    await user.post('/auth/logout', { refreshToken: user.refreshToken }).expect(204);
    expect(await through(user.accessToken)).toBe(401);
    expect(application.seen).toHaveLength(3);
  });

  it('answers 403 where the scope is missing or the network is wrong, whatever address the client claims', async () => {
    const user = await api.signedIn();
    const { key: reader } = await api.withKey(user, { scopes: [Permission.UsageRead] });
    expect(problemOf(await ask(proxy.port, '/chat', bearer(reader)))).toMatchObject({ status: 403, code: 'access.missing-permission', permission: 'messages:write' });
    for (const spelling of ['/%63hat', '//chat', '/./chat', '/x/../chat', '/chat?x=1']) expect([spelling, await through(reader, spelling)]).toEqual([spelling, 403]);
    const { key: bound } = await api.withKey(user, { allowedCidrs: ['127.0.0.2/32'] });
    const claim = { ...bearer(bound), 'x-forwarded-for': '127.0.0.2', 'x-real-ip': '127.0.0.2', forwarded: 'for=127.0.0.2' };
    expect(problemOf(await ask(proxy.port, '/', claim))).toMatchObject({ status: 403, code: 'api-keys.wrong-network' });
    expect((await ask(proxy.port, '/', bearer(bound), { from: '127.0.0.2' })).status).toBe(200);
    expect(application.seen).toHaveLength(1);
  });

  it('answers 429 with what is left and when to come back, once a limit is reached', async () => {
    const admin = await api.admin();
    const user = await api.signedIn();
    await admin.post(`/admin/users/${user.user.id}/limits`, { conversationsPerDay: 2, until: new Date(api.clock.millis() + 3_600_000).toISOString(), reason: 'test' }).expect((answer) => expect([answer.body, answer.status < 300]).toEqual([answer.body, true]));
    expect([await through(user.accessToken, '/chat'), await through(user.accessToken, '/chat/7')]).toEqual([200, 200]);
    const used = await ask(proxy.port, '/chat', bearer(user.accessToken));
    expect([used.status, Number(used.headers['retry-after']) > 0]).toEqual([429, true]);
    expect(problemOf(used)).toMatchObject({ code: 'usage.limit-reached', instance: '/chat', limits: [{ name: 'conversations', limit: 2, used: 2, remaining: 0 }] });
    expect(await through(user.accessToken)).toBe(200);
    const { key } = await api.withKey(user, { rateLimit: 1 });
    expect([await through(key), await through(key)]).toEqual([200, 429]);
  });

  it('lets nobody through while Provost is away', async () => {
    const { accessToken } = await api.signedIn();
    await api.app.close();
    const answer = await ask(proxy.port, '/', bearer(accessToken));
    expect(answer.status).toBe(statusWhenAway);
    if (statusWhenAway === 503) expect(problemOf(answer)).toMatchObject({ code: 'proxy.provost-away' });
    expect(application.seen).toEqual([]);
  });
});
