import type supertest from 'supertest';
import { AdminsService } from '../src/admin/admins.service.js';
import { Permission } from '../src/access/permission.js';
import { Changes } from '../src/platform/changes/changes.js';
import { Metrics } from '../src/platform/health/metrics.js';
import { Api, PASSWORD, type SignedInCaller } from './support/api.js';
import { BuiltService, cli, environmentOf } from './support/built.js';
import { migratedDatabase } from './support/migrated-database.js';
import { ownMsUntil } from './support/own-time.js';
import type { Scratch } from './support/scratch-database.js';

const HOME = '127.0.0.1';
const ELSEWHERE = '203.0.113.5';

describe('IP rules', () => {
  let api: Api;
  let admin: SignedInCaller;
  beforeEach(async () => {
    api = await Api.start({ trustProxy: ['loopback'] });
    admin = await api.admin();
  });
  afterEach(() => api.close());

  const rule = (terms: object) => admin.post('/admin/ip-rules', { cidr: '127.0.0.0/8', appliesTo: 'admin', ...terms });
  const from = (ip: string, request: supertest.Test): supertest.Test => request.set('x-forwarded-for', ip);
  const wrongNetwork = async (request: supertest.Test): Promise<void> => {
    const { body } = await request.expect(403).expect('content-type', /application\/problem\+json/);
    expect((body as { code: string }).code).toBe('access.wrong-network');
  };

  it('let everybody in while there are none', async () => {
    await from(ELSEWHERE, admin.get('/admin/ip-rules')).expect(200, []);
  });

  it('are made, read, changed and removed by admins, each change audited with what it was', async () => {
    const { body: made } = await rule({ cidr: '127.0.0.7/8', note: 'This machine' }).expect(201);
    expect(made).toMatchObject({ cidr: '127.0.0.0/8', appliesTo: 'admin', mode: 'enforce', note: 'This machine', createdBy: admin.user.id, version: 1 });
    await admin.get(`/admin/ip-rules/${made.id}`).expect('etag', '"1"').expect(200, made);
    const { body: changed } = await admin.patch(`/admin/ip-rules/${made.id}`, { ...made, note: null, mode: 'report' }).set('if-match', '"1"').expect(200);
    expect(changed).toMatchObject({ cidr: '127.0.0.0/8', mode: 'report', note: null, version: 2 });
    await admin.patch(`/admin/ip-rules/${made.id}`, { note: 'late' }).set('if-match', '"1"').expect(412);
    await admin.get('/admin/ip-rules').expect('content-range', 'ip-rules 0-0/1').expect('x-total-count', '1').expect(200, [changed]);
    await admin.delete(`/admin/ip-rules/${made.id}`).expect(200, changed);
    await admin.get(`/admin/ip-rules/${made.id}`).expect(404);
    const audited = await api.db.query<{ action: string; actor_id: string }[]>(`SELECT action, actor_id FROM audit_events WHERE target_id = '${made.id as string}' ORDER BY id`);
    expect(audited).toEqual(['create', 'update', 'delete'].map((what) => ({ action: `ip-rules.${what}`, actor_id: admin.user.id })));
  });

  it('refuse what is no network', async () => {
    for (const cidr of ['10.0.0.0/33', '10.0.0/8', 'localhost', '', '010.0.0.1', '::1%lo', '2001:db8::/129', '1', '10.0.0.0/8/8', '10.0.0.0/08', 7, null, ['10.0.0.0/8']]) {
      expect([cidr, (await rule({ cidr }).expect(400)).body.code]).toEqual([cidr, 'validation.failed']);
    }
  });

  it('keep admins out who come from elsewhere, with a token, at sign-in and with a refresh token, and others not at all', async () => {
    const { username, password } = await newAdmin();
    const ada = await api.signedIn();
    await rule({}).expect(201);
    await wrongNetwork(from(ELSEWHERE, admin.get('/admin/ip-rules')));
    await wrongNetwork(from(ELSEWHERE, api.anyone.post('/admin/auth/login', { login: username, password })));
    await wrongNetwork(from(ELSEWHERE, api.anyone.post('/admin/auth/refresh', { refreshToken: admin.refreshToken })));
    await from(ELSEWHERE, ada.get('/users/me')).expect(200);
    await from(ELSEWHERE, api.anyone.post('/auth/login', { login: ada.user.username, password: PASSWORD })).expect(200);
    await api.anyone.post('/admin/auth/login', { login: username, password }).expect(200);
    await api.anyone.post('/admin/auth/refresh', { refreshToken: admin.refreshToken }).expect(200);
  });

  it('for all cover users and keys too', async () => {
    const ada = await api.signedIn();
    const key = await api.withKey(ada);
    const application = await api.serviceKey(Permission.Verify);
    await rule({ appliesTo: 'all' }).expect(201);
    for (const [caller, path] of [[ada, '/users/me'], [key, '/usage'], [admin, '/admin/ip-rules']] as const) {
      await caller.get(path).expect(200);
      await wrongNetwork(from(ELSEWHERE, caller.get(path)));
    }
    await wrongNetwork(from(ELSEWHERE, application.post('/auth/verify', { apiKey: key.key })));
    await wrongNetwork(from(ELSEWHERE, api.anyone.post('/auth/register', { username: 'stranger', email: 's@example.org', password: PASSWORD })));
    await application.post('/auth/verify', { apiKey: key.key, ip: HOME }).expect(200).expect(({ body }) => expect(body.active).toBe(true));
    const { body } = await application.post('/auth/verify', { apiKey: key.key, ip: ELSEWHERE }).expect(200);
    expect(body).toEqual({ active: false, reason: 'access.wrong-network' });
    await from(ELSEWHERE, api.anyone.get('/health/ready')).expect(200);
  });

  it('of a kind go before those for all', async () => {
    const ada = await api.signedIn();
    await rule({ appliesTo: 'all', cidr: '0.0.0.0/0' }).expect(201);
    await rule({}).expect(201);
    await wrongNetwork(from(ELSEWHERE, admin.get('/admin/ip-rules')));
    await from(ELSEWHERE, ada.get('/users/me')).expect(200);
  });

  it('know IPv4 inside IPv6 for IPv4, in the rule as in the address', async () => {
    expect((await rule({ cidr: '::ffff:127.0.0.1/104' }).expect(201)).body.cidr).toBe('127.0.0.0/8');
    expect((await rule({ cidr: '2001:DB8::7/32' }).expect(201)).body.cidr).toBe('2001:db8::/32');
    await from('::ffff:127.0.0.9', admin.get('/admin/ip-rules')).expect(200);
    await from('2001:db8:1::9', admin.get('/admin/ip-rules')).expect(200);
    await wrongNetwork(from('2001:db9::9', admin.get('/admin/ip-rules')));
  });

  it('that only report refuse nobody, and count whom they would refuse', async () => {
    await rule({ mode: 'report' }).expect(201);
    await from(ELSEWHERE, admin.get('/admin/ip-rules')).expect(200);
    await admin.get('/admin/ip-rules').expect(200);
    expect(await api.app.get(Metrics).registry.metrics()).toContain('provost_network_refusals_total{kind="admin",mode="report"} 1');
  });

  it('are never changed so that their author is locked out', async () => {
    const locksOut = async (request: supertest.Test): Promise<void> => {
      expect((await request.expect(409)).body.code).toBe('ip-rules.locks-out');
    };
    await locksOut(rule({ cidr: ELSEWHERE }));
    await locksOut(rule({ cidr: ELSEWHERE, appliesTo: 'all' }));
    expect((await admin.get('/admin/ip-rules')).body).toEqual([]);
    const { body: home } = await rule({}).expect(201);
    const { body: other } = await rule({ cidr: ELSEWHERE }).expect(201);
    await locksOut(admin.delete(`/admin/ip-rules/${home.id}`));
    for (const change of [{ cidr: '10.0.0.0/8' }, { appliesTo: 'staff' }, { mode: 'report' }]) await locksOut(admin.patch(`/admin/ip-rules/${home.id}`, change));
    expect((await admin.get('/admin/ip-rules')).body).toEqual([home, other]);
    await admin.delete(`/admin/ip-rules/${other.id}`).expect(200);
    await admin.delete(`/admin/ip-rules/${home.id}`).expect(200);
    await from(ELSEWHERE, admin.get('/admin/ip-rules')).expect(200);
  });

  it('of which the last two are removed at once keep one: together they would lock the author out', async () => {
    const made = [await rule({ cidr: HOME }), await rule({}), await rule({ cidr: ELSEWHERE })].map(({ body }) => body as { id: string });
    const answers = await Promise.all(made.slice(0, 2).map(({ id }) => admin.delete(`/admin/ip-rules/${id}`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('are for admins alone', async () => {
    const ada = await api.signedIn();
    await ada.get('/admin/ip-rules').expect(401);
    await api.anyone.get('/admin/ip-rules').expect(401);
    await (await api.withKey(ada)).post('/admin/ip-rules', { cidr: HOME, appliesTo: 'all' }).expect(401);
  });

  it('are read anew where another process has changed them', async () => {
    await rule({}).expect(201);
    await api.db.query(`UPDATE ip_rules SET cidr = '203.0.113.0/24'`);
    await admin.get('/admin/ip-rules').expect(200);
    await api.db.transaction((tx) => api.app.get(Changes).announce(tx, 'ip-rules', 'any'));
    await api.app.get(Changes).poll();
    await wrongNetwork(admin.get('/admin/ip-rules'));
    await from(ELSEWHERE, admin.get('/admin/ip-rules')).expect(200);
  });

  const newAdmin = async (): Promise<{ username: string; password: string }> => {
    const { admin: made, password } = await api.app.get(AdminsService).create('warden');
    return { username: made.username, password };
  };
});

describe('IP rules from the command line', () => {
  let scratch: Scratch;
  let service: BuiltService;
  beforeAll(async () => {
    scratch = await migratedDatabase();
    service = await BuiltService.start({ ...environmentOf(scratch), ADMIN_PASSWORD: 'set by the environment' });
  });
  afterAll(async () => {
    await service.stop();
    await scratch.drop();
  });

  const signIn = async (): Promise<number> => {
    const body = JSON.stringify({ login: 'admin', password: 'set by the environment' });
    return (await fetch(`${service.url}/api/v1/admin/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).status;
  };
  const msUntilSignIn = (status: number): Promise<number> => ownMsUntil(async () => (await signIn()) === status);

  it('hold in a running service within two seconds, and let a locked-out admin in again', async () => {
    const run = (...args: string[]) => cli(['ip-rules', ...args], environmentOf(scratch));
    expect((await run('list')).stdout).toContain('There are no IP rules');
    expect(await signIn()).toBe(200);
    expect(await run('add', '192.0.2.0/24', '--for', 'admin', '--note', 'Nobody is there')).toMatchObject({ code: 0, stdout: expect.stringMatching(/192\.0\.2\.0\/24 +admin +enforce +Nobody is there/) });
    expect(await msUntilSignIn(403)).toBeLessThan(2000);
    const { stdout } = await run('add', '127.0.0.0/8', '--for', 'admin', '--report-only');
    const id = /^[0-9a-f-]{36}/m.exec(stdout)![0];
    expect((await run('remove', id)).code).toBe(0);
    expect(await signIn()).toBe(403);
    expect((await run('clear')).stdout).toContain('Removed: 1');
    expect(await msUntilSignIn(200)).toBeLessThan(2000);
    expect((await run('add', 'everywhere', '--for', 'all')).code).toBe(2);
  }, 120_000);
});
