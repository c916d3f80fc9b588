import type supertest from 'supertest';
import { AdminsService } from '../src/admin/admins.service.js';
import { Session } from '../src/auth/sessions/session.entity.js';
import type { Settings } from '../src/platform/config/settings.js';
import { Api, PASSWORD, type SignedInCaller } from './support/api.js';
import { AuthenticatorApp } from './support/authenticator-app.js';

const APP = 'https://app.example.org';
const EVIL = 'https://evil.example.net';

/** What a browser keeps of Set-Cookie and sends again below its path. */
class Jar {
  private readonly cookies = new Map<string, { value: string; path: string }>();

  take({ headers }: supertest.Response): void {
    for (const line of (headers['set-cookie'] ?? []) as unknown as string[]) {
      const [, name, value, path, maxAge] = /^([^=]+)=([^;]*); Path=([^;]+); Max-Age=(\d+); HttpOnly; Secure; SameSite=Strict$/.exec(line) ?? [];
      if (!name) throw new Error(`Not the cookie that was promised: ${line}`);
      if (maxAge === '0') this.cookies.delete(name);
      else this.cookies.set(name, { value: value!, path: path! });
    }
  }

  for(path: string): string {
    const below = [...this.cookies].filter(([, cookie]) => path === cookie.path || path.startsWith(`${cookie.path}/`));
    return below.map(([name, { value }]) => `${name}=${value}`).join('; ');
  }

  get size(): number {
    return this.cookies.size;
  }
}

interface PageOptions {
  origin?: string;
  site?: string;
  csrf?: string;
}

/** A page in a browser, which adds what browsers add. */
class Page {
  csrfToken = '';

  constructor(
    private readonly api: Api,
    readonly jar: Jar,
    private readonly options: PageOptions = {},
  ) {}

  async send(path: string, body: object | undefined = undefined, { origin, site, csrf }: PageOptions = {}): Promise<supertest.Response> {
    const request = this.api.anyone.post(path, body).set('cookie', this.jar.for(`/api/v1${path}`));
    void request.set('origin', origin ?? this.options.origin ?? this.api.url).set('sec-fetch-site', site ?? this.options.site ?? 'same-origin');
    const token = csrf ?? this.csrfToken;
    if (token) void request.set('x-csrf-token', token);
    const answer = await request;
    this.jar.take(answer);
    const told = (answer.body as { csrfToken?: string }).csrfToken;
    if (told) this.csrfToken = told;
    return answer;
  }
}

describe('browser mode', () => {
  let api: Api;
  let ada: SignedInCaller;
  let page: Page;
  const start = async (overrides: Partial<Settings> = {}): Promise<void> => {
    api = await Api.start({ corsOrigins: [APP, '*'], ...overrides });
    ada = await api.signedIn();
    page = new Page(api, new Jar());
  };
  beforeEach(() => start());
  afterEach(() => api.close());

  const signIn = (on = page) => on.send('/auth/login', { login: ada.user.username, password: PASSWORD, cookie: true });
  const codeOf = ({ status, body }: supertest.Response): [number, string | undefined] => [status, (body as { code?: string }).code];

  it('keeps the refresh token in a cookie that scripts, plain HTTP, other sites and other routes do not get, as long as the session lives', async () => {
    const { status, body, headers } = await signIn();
    expect([status, body.tokenType, 'refreshToken' in body, body.csrfToken]).toEqual([200, 'Bearer', false, expect.stringMatching(/^[\w-]{43}$/)]);
    expect(headers['set-cookie']).toEqual([expect.stringMatching(/^__Secure-provost-user=pvr_[\w-]+; Path=\/api\/v1\/auth; Max-Age=1209600; HttpOnly; Secure; SameSite=Strict$/)]);
    await api.with(body.accessToken as string).get('/users/me').expect(200);
  });

  it('goes on from refresh to refresh: each sets the next token, and the CSRF token stays', async () => {
    await signIn();
    const first = [page.jar.for('/api/v1/auth'), page.csrfToken];
    const { status, body } = await page.send('/auth/refresh');
    expect([status, 'refreshToken' in body, page.csrfToken]).toEqual([200, false, first[1]]);
    expect(page.jar.for('/api/v1/auth')).not.toBe(first[0]);
    expect((await page.send('/auth/refresh', {})).status).toBe(200);
  });

  it('lets a page that was loaded anew go on: it asks for its CSRF token', async () => {
    await signIn();
    const reloaded = new Page(api, page.jar);
    expect(codeOf(await reloaded.send('/auth/refresh'))).toEqual([403, 'auth.csrf']);
    expect((await reloaded.send('/auth/csrf')).body).toEqual({ csrfToken: page.csrfToken });
    expect((await reloaded.send('/auth/refresh')).status).toBe(200);
  });

  it('tells the CSRF token to no page of another site, and to nobody who is no page', async () => {
    await signIn();
    for (const attack of [{ origin: EVIL, site: 'cross-site' }, { origin: EVIL, site: 'same-site' }, { origin: 'null' }, { origin: '*' }, { site: 'cross-site' }]) {
      expect([attack, codeOf(await page.send('/auth/csrf', undefined, attack))]).toEqual([attack, [403, 'auth.csrf']]);
    }
    const { body } = await api.anyone.post('/auth/csrf').set('cookie', page.jar.for('/api/v1/auth')).expect(403);
    expect(body.code).toBe('auth.csrf');
    expect(codeOf(await new Page(api, new Jar()).send('/auth/csrf'))).toEqual([401, 'auth.invalid-refresh-token']);
  });

  it.each(['/auth/refresh', '/auth/logout', '/auth/logout-all'])('refuses at %s what another site sends with the cookie, and changes nothing', async (path) => {
    await signIn();
    const { csrfToken } = page;
    const other = new Page(api, new Jar());
    await signIn(other);
    for (const attack of [{ csrf: 'x' }, { csrf: other.csrfToken }, { csrf: `${csrfToken}=` }, { csrf: csrfToken.slice(1) }, { origin: EVIL, site: 'cross-site' }, { origin: EVIL, site: 'same-site' }, { origin: 'null' }, { site: 'cross-site' }]) {
      expect([attack, codeOf(await page.send(path, undefined, attack))]).toEqual([attack, [403, 'auth.csrf']]);
    }
    const { body } = await api.anyone.post(path).set('cookie', page.jar.for('/api/v1/auth')).expect(403);
    expect(body.code).toBe('auth.csrf');
    expect((await page.send('/auth/refresh')).status).toBe(200);
  });

  it('takes pages of origins that are named in CORS_ORIGINS; a * there names nobody', async () => {
    await signIn();
    const elsewhere = new Page(api, page.jar, { origin: APP, site: 'same-site' });
    expect((await elsewhere.send('/auth/csrf')).status).toBe(200);
    const answer = await elsewhere.send('/auth/refresh');
    expect([answer.status, answer.headers['access-control-allow-origin'], answer.headers['access-control-allow-credentials'], answer.headers['vary']]).toEqual([200, APP, 'true', 'origin']);
    const foreign = await page.send('/auth/refresh', undefined, { origin: EVIL, site: 'cross-site' });
    expect([foreign.headers['access-control-allow-origin'], foreign.headers['access-control-allow-credentials']]).toEqual(['*', undefined]);
  });

  it('takes pages of the address clients use, behind a proxy that ends TLS', async () => {
    await api.close();
    await start({ publicUrl: 'https://provost.example.org', corsOrigins: [] });
    await signIn();
    const behind = new Page(api, page.jar, { origin: 'https://provost.example.org' });
    behind.csrfToken = page.csrfToken;
    expect((await behind.send('/auth/refresh')).status).toBe(200);
    expect(codeOf(await behind.send('/auth/refresh', undefined, { origin: 'http://provost.example.org' }))).toEqual([403, 'auth.csrf']);
  });

  it('signs out: the session ends and the cookie goes', async () => {
    const { body } = await signIn();
    expect((await page.send('/auth/logout')).status).toBe(204);
    expect(page.jar.size).toBe(0);
    await api.with(body.accessToken as string).get('/users/me').expect(401);
  });

  it('signs out everywhere: all sessions end and the cookie goes', async () => {
    await signIn();
    expect((await page.send('/auth/logout-all')).status).toBe(204);
    expect(page.jar.size).toBe(0);
    await ada.get('/users/me').expect(401);
  });

  it('signs out by the access token as well, which no other site has; the cookie of that session goes', async () => {
    const { body } = await signIn();
    const signOut = (token: string) => api.with(token).post('/auth/logout').set('cookie', page.jar.for('/api/v1/auth')).expect(204);
    expect((await signOut(ada.accessToken)).headers).not.toHaveProperty('set-cookie');
    expect((await signOut(body.accessToken as string)).headers['set-cookie']).toEqual([expect.stringContaining('Max-Age=0')]);
  });

  it('changes the password within the page: the new session is in the cookie', async () => {
    const { body } = await signIn();
    const change = { currentPassword: PASSWORD, newPassword: 'another battery horse 7', cookie: true };
    const changed = await api.with(body.accessToken as string).post('/auth/password/change', change).expect(200);
    page.jar.take(changed);
    page.csrfToken = changed.body.csrfToken as string;
    expect('refreshToken' in changed.body).toBe(false);
    expect((await page.send('/auth/refresh')).status).toBe(200);
  });

  it('sets the cookie with the second step, where there is one: the first has nothing to keep', async () => {
    const app = await AuthenticatorApp.enrol(api, ada);
    const { body, headers } = await signIn();
    expect([body.mfaRequired, 'set-cookie' in headers]).toEqual([true, false]);
    const { body: signedIn } = await page.send('/auth/login/mfa', { mfaToken: body.mfaToken as string, code: app.code(), cookie: true });
    expect(['refreshToken' in signedIn, page.jar.size]).toEqual([false, 1]);
    expect((await page.send('/auth/refresh')).status).toBe(200);
  });

  it('takes the cookie for a credential nowhere else', async () => {
    await signIn();
    const cookie = page.jar.for('/api/v1/auth');
    for (const path of ['/auth/me', '/auth/sessions', '/users/me', '/usage', '/users/me/api-keys']) {
      await api.anyone.get(path).set({ cookie, 'x-csrf-token': page.csrfToken, origin: api.url }).expect(401);
    }
    const change = { currentPassword: PASSWORD, newPassword: 'another battery horse 7' };
    await api.anyone.post('/auth/password/change', change).set({ cookie, 'x-csrf-token': page.csrfToken }).expect(401);
  });

  it('is another cookie for each kind of principal: one opens nothing at the other door', async () => {
    const { password } = await api.app.get(AdminsService).create('root');
    const office = new Page(api, new Jar());
    const { headers } = await office.send('/admin/auth/login', { login: 'root', password, cookie: true });
    expect(headers['set-cookie']).toEqual([expect.stringMatching(/^__Secure-provost-admin=pvr_.*; Path=\/api\/v1\/admin\/auth;/)]);
    expect(office.jar.for('/api/v1/auth/refresh')).toBe('');
    expect((await office.send('/admin/auth/refresh')).status).toBe(200);
    const smuggled = office.jar.for('/api/v1/admin/auth').replace('provost-admin', 'provost-user');
    await api.anyone.post('/auth/refresh').set({ cookie: smuggled, 'x-csrf-token': office.csrfToken, origin: api.url }).expect(401);
  });

  it('takes no cookie at all where two of one name are sent: one was planted', async () => {
    await signIn();
    const cookie = page.jar.for('/api/v1/auth');
    await api.anyone.post('/auth/refresh').set({ cookie: `${cookie}; ${cookie}`, 'x-csrf-token': page.csrfToken, origin: api.url }).expect(400);
  });

  it('puts the token of the body before the cookie, and leaves programs without cookies as they were', async () => {
    await signIn();
    const { body, headers } = await api.anyone.post('/auth/refresh', { refreshToken: ada.refreshToken }).set('cookie', page.jar.for('/api/v1/auth')).expect(200);
    expect([typeof body.refreshToken, 'csrfToken' in body, 'set-cookie' in headers]).toEqual(['string', false, false]);
    expect((await api.anyone.post('/auth/refresh', {}).expect(400)).body.code).toBe('validation.failed');
    await api.anyone.post('/auth/logout', {}).expect(401);
  });

  it('ends the session when an old cookie is played back', async () => {
    await signIn();
    const old = page.jar.for('/api/v1/auth');
    await page.send('/auth/refresh');
    await page.send('/auth/refresh');
    const { body } = await api.anyone.post('/auth/refresh').set({ cookie: old, 'x-csrf-token': page.csrfToken, origin: api.url }).expect(401);
    expect(body.code).toBe('auth.refresh-token-reused');
    expect((await page.send('/auth/refresh')).status).toBe(401);
  });

  it('lets the cookie live no longer than the session', async () => {
    await api.close();
    await start({ sessionIdleHours: 24, sessionMaxHours: 2 });
    expect((await signIn()).headers['set-cookie']).toEqual([expect.stringContaining('Max-Age=7200;')]);
    api.clock.advanceSeconds(3600);
    expect((await page.send('/auth/refresh')).headers['set-cookie']).toEqual([expect.stringContaining('Max-Age=3600;')]);
    expect(await api.db.countBy(Session, { principalId: ada.user.id })).toBe(2);
  });
});
