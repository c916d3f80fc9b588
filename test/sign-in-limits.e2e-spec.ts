import { LoginAudit } from '../src/auth/login-audit.entity.js';
import { Jobs } from '../src/platform/jobs/jobs.js';
import { OutgoingMail } from '../src/platform/mail/outgoing-mail.entity.js';
import { Api, PASSWORD, type SignedInCaller, uniqueName } from './support/api.js';

const WRONG = 'not the password 17';

describe('guessing at sign-in', () => {
  let api: Api;

  beforeAll(async () => {
    // Networks are played by the header that a trusted proxy sends.
    api = await Api.start({ trustProxy: ['127.0.0.1'] });
  });

  afterAll(() => api.close());

  const from = (ip: string, body: object, agent = 'test') => api.anyone.post('/auth/login', body).set('x-forwarded-for', ip).set('user-agent', agent);
  const guess = (login: string, ip: string) => from(ip, { login, password: WRONG });
  const network = (() => {
    let next = 0;
    return () => `198.18.${Math.floor((next += 1) / 250)}.${(next % 250) + 1}`;
  })();

  /** Fails as often as the delays allow, with time passing as they ask. */
  async function fail(login: string, ip: string, times: number): Promise<void> {
    for (let failures = 0; failures < times; failures += 1) {
      await guess(login, ip).expect(401);
      api.clock.advanceSeconds(failures < 2 ? 0 : 2 ** (failures - 2));
    }
  }

  /** Signed in from elsewhere, so that nothing of what a test does was seen before. */
  async function somebody(home = network()): Promise<{ user: SignedInCaller; login: string; home: string }> {
    const username = uniqueName();
    await api.anyone.post('/auth/register', { username, email: `${username}@example.org`, password: PASSWORD }).expect(201);
    const { body } = await from(home, { login: username, password: PASSWORD }).expect(200);
    return { user: body, login: username, home };
  }

  it('takes two failures without a word, then makes each next try wait twice as long, and says how long', async () => {
    const { login } = await somebody();
    const ip = network();
    for (let i = 0; i < 3; i += 1) await guess(login, ip).expect(401);
    const { headers, body } = await guess(login, ip).expect(429);
    expect(headers['retry-after']).toBe('1');
    expect(body).toMatchObject({ status: 429, code: 'auth.too-many-failures' });
    api.clock.advanceSeconds(1);
    await guess(login, ip).expect(401);
    expect((await guess(login, ip).expect(429)).headers['retry-after']).toBe('2');
  });

  it('does not even try the right password while it waits, and takes it afterwards', async () => {
    const { login } = await somebody();
    const ip = network();
    for (let i = 0; i < 3; i += 1) await guess(login, ip).expect(401);
    await from(ip, { login, password: PASSWORD }).expect(429);
    api.clock.advanceSeconds(1);
    await from(ip, { login, password: PASSWORD }).expect(200);
    await guess(login, ip).expect(401);
  });

  it('ends after ten failures of an account from one network until the quarter of an hour is over', async () => {
    const { login } = await somebody();
    const ip = network();
    const before = api.clock.millis();
    await fail(login, ip, 10);
    const passed = (api.clock.millis() - before) / 1000;
    const { headers } = await from(ip, { login, password: PASSWORD }).expect(429);
    expect(Number(headers['retry-after'])).toBe(900 - passed);
    api.clock.advanceSeconds(Number(headers['retry-after']));
    await from(ip, { login, password: PASSWORD }).expect(200);
  });

  it('closes an account to unknown networks after ten failures from many, but not to a network or device it knows', async () => {
    const { login, home, user } = await somebody();
    for (let i = 0; i < 10; i += 1) await guess(login, network()).expect(401);
    await from(network(), { login, password: PASSWORD }).expect(429);
    await from(home, { login, password: PASSWORD }).expect(200);
    const { deviceToken } = user as unknown as { deviceToken: string };
    await from(network(), { login, password: PASSWORD, deviceToken }).expect(200);
  });

  it('never lets a stranger lock the owner out of a known device, not even from the same network', async () => {
    const { login, home, user } = await somebody();
    await fail(login, home, 10);
    await from(home, { login, password: PASSWORD }).expect(429);
    const { deviceToken } = user as unknown as { deviceToken: string };
    await from(home, { login, password: PASSWORD, deviceToken }).expect(200);
  });

  it('slows and stops guessing with a known device as well', async () => {
    const { login, user } = await somebody();
    const { deviceToken } = user as unknown as { deviceToken: string };
    for (let i = 0; i < 3; i += 1) await from(network(), { login, password: WRONG, deviceToken }).expect(401);
    await from(network(), { login, password: PASSWORD, deviceToken }).expect(429);
  });

  it("takes another account's device token, an invented one and a changed one for none", async () => {
    const [{ login }, other] = [await somebody(), await somebody()];
    for (let i = 0; i < 10; i += 1) await guess(login, network()).expect(401);
    const { deviceToken } = other.user as unknown as { deviceToken: string };
    const changed = deviceToken.slice(0, -1) + (deviceToken.endsWith('A') ? 'Q' : 'A');
    for (const token of [deviceToken, changed, 'pvd_x_y']) await from(network(), { login, password: PASSWORD, deviceToken: token }).expect(429);
  });

  it('stops a network after a hundred failures over many accounts, IPv6 by its /64, and leaves others alone', async () => {
    const { login } = await somebody();
    for (let i = 0; i < 100; i += 1) await guess(uniqueName('nobody'), `2001:db8:77:1::${i.toString(16)}`).expect(401);
    await from('2001:db8:77:1:ffff::1', { login, password: PASSWORD }).expect(429);
    await from('2001:db8:77:2::1', { login, password: PASSWORD }).expect(200);
  });

  it('treats a name that nobody has exactly like one that somebody has', async () => {
    const { login } = await somebody();
    const answersFor = async (name: string) => {
      const ip = network();
      const answers = [];
      for (let i = 0; i < 5; i += 1) answers.push(await guess(name, ip));
      return answers.map(({ status, body, headers }) => ({ status, body: { ...body, requestId: '' }, retryAfter: headers['retry-after'], names: Object.keys(headers).sort() }));
    };
    expect(await answersFor(uniqueName('nobody'))).toEqual(await answersFor(login));
  });

  it('counts a username and the e-mail address of one account together', async () => {
    const { login } = await somebody();
    const ip = network();
    for (const name of [login, `${login}@example.org`, login.toUpperCase()]) await guess(name, ip).expect(401);
    await guess(`${login}@EXAMPLE.org`, ip).expect(429);
  });

  it('notes every attempt, also those it refused to try', async () => {
    const { login } = await somebody();
    const ip = network();
    for (let i = 0; i < 4; i += 1) await guess(login, ip);
    const rows = await api.db.find(LoginAudit, { where: { username: login, ip }, order: { id: 'ASC' } });
    expect(rows.map(({ ok, reason }) => [ok, reason])).toEqual([[false, 'wrong-password'], [false, 'wrong-password'], [false, 'wrong-password'], [false, 'too-many-failures']]);
  });

  it('guards the current password of a change in the same way', async () => {
    const { user } = await somebody();
    const caller = api.with((user as unknown as { accessToken: string }).accessToken);
    const change = { currentPassword: WRONG, newPassword: 'another fine password 3' };
    for (let i = 0; i < 3; i += 1) await caller.post('/auth/password/change', change).expect(403);
    await caller.post('/auth/password/change', { ...change, currentPassword: PASSWORD }).expect(429);
  });

  it('forgets failures that no longer count', async () => {
    await guess(uniqueName('nobody'), network()).expect(401);
    api.clock.advanceSeconds(16 * 60);
    const run = await api.app.get(Jobs).run('auth.purge');
    expect(Number(run?.report?.failures)).toBeGreaterThan(0);
    expect((await api.app.get(Jobs).run('auth.purge'))?.report).toMatchObject({ failures: 0 });
  });
});

describe('guessing all at once', () => {
  let api: Api;

  beforeAll(async () => {
    // At the real cost all are under way before the first has failed.
    api = await Api.start({ argon2MemoryKib: 19_456, argon2Passes: 4 });
  });

  afterAll(() => api.close());

  it('gets no more tries than guessing in a row', async () => {
    const { user } = await api.signedIn();
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.anyone.post('/auth/login', { login: user.username, password: WRONG })));
    const [tried, refused] = [401, 429].map((status) => answers.filter((answer) => answer.status === status).length) as [number, number];
    expect(tried + refused).toBe(20);
    expect(tried).toBe(3);
  });

  it('does not keep out who knows the password, however many sign in at once', async () => {
    const { user } = await api.signedIn();
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.anyone.post('/auth/login', { login: user.username, password: PASSWORD })));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  });
});

describe('a new device', () => {
  let api: Api;

  beforeAll(async () => {
    api = await Api.start({ trustProxy: ['127.0.0.1'] });
  });

  afterAll(() => api.close());

  it('is told to the owner, once; the first device, a known one and a bearer of its token are not', async () => {
    const username = uniqueName();
    await api.anyone.post('/auth/register', { username, email: `${username}@example.org`, password: PASSWORD }).expect(201);
    const signIn = (ip: string, agent: string, deviceToken?: string) =>
      api.anyone.post('/auth/login', { login: username, password: PASSWORD, deviceToken }).set('x-forwarded-for', ip).set('user-agent', agent).expect(200);
    const { body: first } = await signIn('203.0.113.1', 'laptop');
    const mails = async () => api.db.countBy(OutgoingMail, { principalId: first.user.id });
    const before = await mails();
    await signIn('203.0.113.1', 'laptop');
    await signIn('203.0.113.99', 'laptop elsewhere', first.deviceToken);
    expect(await mails()).toBe(before);
    await Promise.all(Array.from({ length: 5 }, () => signIn('203.0.113.1', 'telephone')));
    expect(await mails()).toBe(before + 1);
    await signIn('203.0.113.1', 'telephone');
    expect(await mails()).toBe(before + 1);
  });
});
