import type { Settings } from '../src/platform/config/settings.js';
import { Api, PASSWORD, uniqueName } from './support/api.js';

/** Registers, fails and succeeds to sign in with these headers; answers the addresses that were written down for it. */
async function addressesSeen(api: Api, headers: Record<string, string>): Promise<string[]> {
  const username = uniqueName();
  const send = (path: string, body: object) => api.anyone.post(path, body).set(headers);
  await send('/auth/register', { username, email: `${username}@example.org`, password: PASSWORD }).expect(201);
  await send('/auth/login', { login: username, password: 'not this one at all' }).expect(401);
  const { body } = await send('/auth/login', { login: username, password: PASSWORD }).expect(200);
  const { body: sessions } = await api.with(body.accessToken as string).get('/auth/sessions').expect(200);
  const audited = await api.db.query<{ ip: string }[]>(`SELECT ip FROM audit_events WHERE action = 'users.register' AND target_id = '${body.user.id as string}'`);
  const attempts = await api.db.query<{ ip: string }[]>(`SELECT ip FROM auth_login_audit WHERE username = '${username}'`);
  return [...new Set([...audited.map(({ ip }) => ip), ...attempts.map(({ ip }) => ip), (sessions.data as { ip: string }[])[0]!.ip])];
}

describe('without proxies', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start();
  });
  afterAll(() => api.close());

  it('believes nobody about addresses while no proxy is named: spoofed headers are nothing', async () => {
    expect(await addressesSeen(api, { 'x-forwarded-for': '203.0.113.5', forwarded: 'for=203.0.113.6', 'x-real-ip': '203.0.113.7' })).toEqual(['127.0.0.1']);
  });

  it('does not take a stranger behind an unnamed proxy of this machine for loopback: metrics stay closed', async () => {
    await api.anyone.get('/metrics').expect(200);
    await api.anyone.get('/metrics').set('x-forwarded-for', '203.0.113.5').expect(401);
  });
});

describe('behind a proxy that is another', () => {
  it('believes no proxy but those it knows', async () => {
    const api = await Api.start({ trustProxy: ['10.0.0.0/8'] });
    expect(await addressesSeen(api, { 'x-forwarded-for': '203.0.113.5' })).toEqual(['127.0.0.1']);
    await api.close();
  });
});

describe('behind proxies', () => {
  let proxied: Api;
  let proxies = 0;
  beforeAll(async () => {
    proxied = await Api.start({ trustProxy: ['loopback', '10.1.0.0/16'], rateLimitSignIn: '3/60' });
  });
  afterAll(() => proxied.close());

  it.each([
    ['one proxy', '203.0.113.1', '203.0.113.1'],
    ['one, and what the client invented before it', '192.0.2.66, 10.0.0.1, 203.0.113.2', '203.0.113.2'],
    ['two', '192.0.2.66, 203.0.113.3, 10.1.2.3', '203.0.113.3'],
    ['two, of which it knows one', '203.0.113.4, 10.2.2.3', '10.2.2.3'],
    ['only proxies', '10.1.2.4, 10.1.2.3', '10.1.2.4'],
    ['a client with IPv6', '2001:DB8:0::5', '2001:db8::5'],
    ['IPv6 in brackets with a port', '[2001:db8:1::5]:51234', '2001:db8:1::5'],
    ['IPv6 with a zone', 'fe80::5%eth0', 'fe80::5'],
    ['IPv4 with a port', '203.0.113.5:51234', '203.0.113.5'],
    ['IPv4 inside IPv6', '::ffff:203.0.113.6', '203.0.113.6'],
    ['a proxy that adds ports on the way', '203.0.113.7:1234, 10.1.2.5:443', '203.0.113.7'],
  ])('takes the rightmost address that no known proxy has: %s', async (_, header, address) => {
    expect(await addressesSeen(proxied, { 'x-forwarded-for': header })).toEqual([address]);
  });

  it.each(['unknown', "'; DROP TABLE users; --", '9'.repeat(60), '<script>', '010.0.0.1', '0x7f.1', '1', '203.0.113.5 203.0.113.6', '[::1', '::ffff:999.1.1.1'])(
    'makes of junk in the header nothing but the last address that made sense: %s',
    async (junk) => {
      const proxy = `10.1.7.${(proxies += 1)}`;
      expect(await addressesSeen(proxied, { 'x-forwarded-for': `${junk}, ${proxy}` })).toEqual([proxy]);
    },
  );

  it('takes a header of nothing but junk for none', async () => {
    expect(await addressesSeen(proxied, { 'x-forwarded-for': 'unknown' })).toEqual(['127.0.0.1']);
  });

  it('counts rate limits by that address, so inventing others gains nothing', async () => {
    const attempt = (header: string) => proxied.anyone.post('/auth/login', { login: 'nobody', password: 'nothing at all' }).set('x-forwarded-for', header);
    for (let time = 1; time <= 3; time += 1) await attempt(`192.0.2.${time}, 203.0.113.50`).expect(401);
    await attempt('192.0.2.4, 203.0.113.50').expect(429);
    await attempt('203.0.113.51').expect(401);
  });
});

describe('HTTPS', () => {
  let api: Api | undefined;
  const start = async (overrides: Partial<Settings>): Promise<Api> => (api = await Api.start(overrides));
  afterEach(() => api!.close());
  const BY_PROXY = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.5' };

  it('where it is demanded, plain requests are refused and not redirected', async () => {
    const strict = await start({ httpsOnly: true, hstsSeconds: 31_536_000, trustProxy: ['127.0.0.1'] });
    for (const path of ['/auth/me', '/docs', '/nowhere']) {
      const { body, headers } = await strict.anyone.get(path).expect(403).expect('content-type', /application\/problem\+json/);
      expect([body.code, headers.location, headers['strict-transport-security']]).toEqual(['request.https-required', undefined, undefined]);
    }
    await strict.anyone.post('/auth/login', { login: 'a', password: 'b' }).expect(403);
    await strict.anyone.post('/auth/login', { login: 'a', password: 'b' }).set(BY_PROXY).expect(401).expect('strict-transport-security', 'max-age=31536000');
    await strict.anyone.post('/auth/login', { login: 'a', password: 'b' }).set({ ...BY_PROXY, 'x-forwarded-proto': 'https, http' }).expect(403);
  });

  it('lets probes of health and loopback readers of metrics in, and nobody else', async () => {
    const strict = await start({ httpsOnly: true, trustProxy: ['127.0.0.1'] });
    for (const path of ['/health', '/health/live', '/health/ready', '/health/db', '/metrics']) await strict.anyone.get(path).expect(200);
    await strict.anyone.get('/metrics').set('x-forwarded-for', '203.0.113.5').expect(403);
  });

  it('is not believed from a caller that is no proxy', async () => {
    const strict = await start({ httpsOnly: true, hstsSeconds: 600 });
    await strict.anyone.get('/auth/me').set(BY_PROXY).expect(403);
    await strict.anyone.get('/metrics').set(BY_PROXY).expect(403);
  });

  it('is told to browsers to be kept to, where it is not demanded as well, and never over plain HTTP', async () => {
    const lenient = await start({ hstsSeconds: 600, trustProxy: ['127.0.0.1'] });
    await lenient.anyone.get('/health/live').set(BY_PROXY).expect(200).expect('strict-transport-security', 'max-age=600');
    expect((await lenient.anyone.get('/health/live').expect(200)).headers).not.toHaveProperty('strict-transport-security');
  });

  it('says nothing of it by default', async () => {
    const plain = await start({ trustProxy: ['127.0.0.1'] });
    expect((await plain.anyone.get('/health/live').set(BY_PROXY).expect(200)).headers).not.toHaveProperty('strict-transport-security');
  });
});
