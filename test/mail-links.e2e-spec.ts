import { AuditEvent } from '../src/audit/audit-event.entity.js';
import { MailLink } from '../src/auth/mail-links/mail-link.entity.js';
import { Session } from '../src/auth/sessions/session.entity.js';
import { Jobs } from '../src/platform/jobs/jobs.js';
import { OutgoingMail } from '../src/platform/mail/outgoing-mail.entity.js';
import { User } from '../src/users/user.entity.js';
import { Api, PASSWORD, type SignedInCaller, uniqueName } from './support/api.js';
import { lowestTenth } from './support/lowest-tenth.js';
import { outboxOf, sendMails, tokenIn } from './support/smtp.js';

const NEW_PASSWORD = 'another horse battery 8';
const HOUR = 3600;
const ROUNDS = 60;

let api: Api;
beforeAll(async () => {
  api = await Api.start({ appUrl: 'https://app.example/' });
});
afterAll(() => api.close());
/** The limit of mails an hour is each test's own. */
beforeEach(() => api.clock.advanceSeconds(2 * HOUR));

const verify = (token: string) => api.anyone.post('/auth/email/verify', { token });
const forgot = (email: string) => api.anyone.post('/auth/password/forgot', { email });
const reset = (token: string, newPassword = NEW_PASSWORD) => api.anyone.post('/auth/password/reset', { token, newPassword });
const signIn = (login: string, password: string) => api.anyone.post('/auth/login', { login, password });
const verificationToken = async ({ user }: SignedInCaller) => tokenIn(await outboxOf(api, user.email));
const resetToken = async ({ user }: SignedInCaller): Promise<string> => {
  await forgot(user.email).expect(202);
  return tokenIn(await outboxOf(api, user.email));
};
const statusesOf = (answers: { status: number }[]) => answers.map(({ status }) => status).sort();
const subjectsFor = async (email: string) => (await outboxOf(api, email)).map(({ subject }) => subject);
/** The user's address becomes another, as an administrator or a later release may do it. */
const moveTo = async ({ user }: SignedInCaller, email: string) => {
  const row = await api.db.findOneByOrFail(User, { id: user.id });
  row.moveTo(email);
  await api.db.save(row);
};

describe('confirming an e-mail address', () => {
  it('takes the link that registration mails, and leaves an audit row', async () => {
    const ada = await api.signedIn();
    const [mail] = await outboxOf(api, ada.user.email);
    expect(mail).toMatchObject({ subject: 'Confirm your e-mail address', text: expect.stringContaining('https://app.example/verify-email?token=') });
    expect((await ada.get('/users/me').expect(200)).body.emailVerified).toBe(false);
    const { body } = await verify(tokenIn([mail!])).expect(200);
    expect(body).toEqual({ emailVerified: true });
    expect((await ada.get('/users/me').expect(200)).body.emailVerified).toBe(true);
    expect(await api.db.countBy(AuditEvent, { action: 'auth.verify-email', actorId: ada.user.id })).toBe(1);
  });

  it('lets one of twenty through who use a link at once, and none after', async () => {
    const token = await verificationToken(await api.signedIn());
    const answers = await Promise.all(Array.from({ length: 20 }, () => verify(token)));
    expect(statusesOf(answers)).toEqual([200, ...Array.from({ length: 19 }, () => 400)]);
    const { body } = await verify(token).expect(400);
    expect(body.code).toBe('auth.dead-link');
  });

  it('refuses a link that is too old, an invented one, and one of another purpose, all alike', async () => {
    const ada = await api.signedIn();
    const token = await verificationToken(ada);
    const other = await verify(await resetToken(ada)).expect(400);
    const invented = await verify('A'.repeat(43)).expect(400);
    api.clock.advanceSeconds(24 * HOUR);
    const old = await verify(token).expect(400);
    for (const { body } of [other, invented, old]) expect(body).toMatchObject({ code: 'auth.dead-link', detail: old.body.detail });
  });

  it('refuses a link that was made for an address which is not the account\'s any more', async () => {
    const ada = await api.signedIn();
    const token = await verificationToken(ada);
    await moveTo(ada, `${uniqueName('moved')}@example.org`);
    await verify(token).expect(400);
    expect(await api.db.findOneByOrFail(User, { id: ada.user.id })).toMatchObject({ emailVerifiedAt: null });
  });

  it('mails another link to who is signed in, and to who names the address', async () => {
    const ada = await api.signedIn();
    await ada.post('/auth/email/resend', {}).expect(202);
    await api.anyone.post('/auth/email/resend', { email: ada.user.email.toUpperCase() }).expect(202);
    const mails = await outboxOf(api, ada.user.email);
    expect(mails).toHaveLength(3);
    await verify(tokenIn(mails)).expect(200);
    await ada.post('/auth/email/resend', {}).expect(202);
    expect(await outboxOf(api, ada.user.email)).toHaveLength(3);
  });

  it('asks who neither signed in nor named an address to do one of both', async () => {
    await api.anyone.post('/auth/email/resend', {}).expect(401);
    await api.with('not-a-token').post('/auth/email/resend', {}).expect(401);
  });

  it('keeps no token anywhere but in the mail', async () => {
    const ada = await api.signedIn();
    const waiting = await api.db.findOneByOrFail(OutgoingMail, { principalId: ada.user.id });
    const token = await verificationToken(ada);
    const sent = await api.db.findOneByOrFail(OutgoingMail, { principalId: ada.user.id });
    expect(sent).toMatchObject({ status: 'sent', sealed: null });
    const kept = JSON.stringify([waiting, sent, await api.db.find(MailLink), await api.db.find(AuditEvent)]);
    expect(kept).not.toContain(token);
    expect(Buffer.from(waiting.sealed!, 'base64url').toString('latin1')).not.toContain(token);
  });

  it('forgets links a week after they expired', async () => {
    const ada = await api.signedIn();
    api.clock.advanceSeconds(8 * 24 * HOUR + 1);
    await api.app.get(Jobs).run('auth.purge-mail-links');
    expect(await api.db.countBy(MailLink, { principalId: ada.user.id })).toBe(0);
  });
});

describe('a forgotten password', () => {
  it('is replaced by link: the old one is dead, sessions end, keys stay, the address counts as confirmed, the owner is told', async () => {
    const ada = await api.signedIn();
    const key = await api.withKey(ada);
    const { body } = await reset(await resetToken(ada)).expect(200);
    expect(body).toEqual({ passwordChanged: true });
    await ada.get('/auth/me').expect(401);
    await api.anyone.post('/auth/refresh', { refreshToken: ada.refreshToken }).expect(401);
    await signIn(ada.user.username, PASSWORD).expect(401);
    const { body: signedIn } = await signIn(ada.user.username, NEW_PASSWORD).expect(200);
    expect(signedIn.user.emailVerified).toBe(true);
    await key.get('/users/me').expect(200);
    expect(await api.db.findOneBy(Session, { principalId: ada.user.id, endReason: 'password-reset' })).not.toBeNull();
    expect(await api.db.countBy(AuditEvent, { action: 'auth.reset-password', actorId: ada.user.id })).toBe(1);
    expect(await subjectsFor(ada.user.email)).toContain('Your password was changed');
  });

  it('is replaced by one of twenty who use the link at once, each with a password of their own', async () => {
    const ada = await api.signedIn();
    const token = await resetToken(ada);
    const passwords = Array.from({ length: 20 }, (_, index) => `a fresh password ${index}`);
    const answers = await Promise.all(passwords.map((password) => reset(token, password)));
    expect(statusesOf(answers)).toEqual([200, ...Array.from({ length: 19 }, () => 400)]);
    const winner = passwords[answers.findIndex(({ status }) => status === 200)]!;
    await signIn(ada.user.username, winner).expect(200);
    await reset(token).expect(400);
  });

  it('is replaced by one of two links that are used at once', async () => {
    const ada = await api.signedIn();
    const first = await resetToken(ada);
    const second = await resetToken(ada);
    const answers = await Promise.all([first, second, first, second].map((token) => reset(token)));
    expect(statusesOf(answers)).toEqual([200, 400, 400, 400]);
  });

  it('is not replaced by a link that is too old', async () => {
    const ada = await api.signedIn();
    const old = await resetToken(ada);
    api.clock.advanceSeconds(HOUR);
    await reset(old).expect(400);
    await signIn(ada.user.username, PASSWORD).expect(200);
  });

  it('is not replaced by a link that was made before the password was changed', async () => {
    const ada = await api.signedIn();
    const overtaken = await resetToken(ada);
    await ada.post('/auth/password/change', { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }).expect(200);
    await reset(overtaken, 'a third password 123').expect(400);
    await signIn(ada.user.username, NEW_PASSWORD).expect(200);
  });

  it('is not replaced by a link that went to an address which is not the account\'s any more', async () => {
    const ada = await api.signedIn();
    const token = await resetToken(ada);
    await moveTo(ada, `${uniqueName('moved')}@example.org`);
    await reset(token).expect(400);
    await signIn(ada.user.username, PASSWORD).expect(200);
  });

  it('keeps the link good when the policy refuses the new password', async () => {
    const ada = await api.signedIn();
    const token = await resetToken(ada);
    for (const poor of ['short', ada.user.email]) {
      const { body } = await reset(token, poor).expect(400);
      expect(Object.keys(body.errors)).toEqual(['newPassword']);
    }
    await reset(token).expect(200);
  });

  it('is mailed about three times an hour at most, and the answer stays the same', async () => {
    const ada = await api.signedIn();
    await sendMails(api);
    const answers = await Promise.all(Array.from({ length: 8 }, () => forgot(ada.user.email)));
    expect(new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
    const links = async () => (await subjectsFor(ada.user.email)).filter((subject) => subject === 'Choose a new password').length;
    expect(await links()).toBe(3);
    api.clock.advanceSeconds(HOUR + 1);
    await forgot(ada.user.email).expect(202);
    expect(await links()).toBe(4);
  });

  it('sends no link to a banned user', async () => {
    const ada = await api.signedIn();
    const before = await resetToken(ada);
    await api.db.query(`UPDATE users SET status = 'banned' WHERE id = '${ada.user.id}'`);
    await reset(before).expect(400);
    await forgot(ada.user.email).expect(202);
    expect((await subjectsFor(ada.user.email)).filter((subject) => subject === 'Choose a new password')).toHaveLength(1);
  });

  it('cannot be used to write into somebody\'s mail: the device of whoever asks is not in it', async () => {
    const ada = await api.signedIn();
    await forgot(ada.user.email).set('user-agent', 'Win a prize at https://evil.example').expect(202);
    const mail = (await outboxOf(api, ada.user.email)).at(-1);
    expect(mail?.text).not.toContain('evil.example');
  });

  it('does the same for an address that nobody has: status, body, rows and time', async () => {
    const known = (await Promise.all(Array.from({ length: ROUNDS }, () => api.signedIn()))).map(({ user }) => user.email);
    await sendMails(api);
    const times = { known: [] as number[], unknown: [] as number[] };
    const answers = new Set<string>();
    const ask = async (group: keyof typeof times, email: string) => {
      const before = performance.now();
      const { status, body } = await forgot(email);
      times[group].push(performance.now() - before);
      answers.add(`${status} ${JSON.stringify(body)}`);
    };
    const rows = await api.db.countBy(OutgoingMail, { status: 'waiting' as never });
    for (const email of known) {
      await ask('known', email);
      await ask('unknown', `${uniqueName('nobody')}@example.org`);
    }
    expect([...answers]).toEqual(['202 {"accepted":true}']);
    expect(await api.db.countBy(OutgoingMail, { status: 'waiting' as never })).toBe(rows + 2 * ROUNDS);
    const [a, b] = [lowestTenth(times.known), lowestTenth(times.unknown)];
    process.stdout.write(`forgot: ${a.toFixed(2)} ms for known, ${b.toFixed(2)} ms for unknown addresses (lowest tenths of ${ROUNDS})\n`);
    expect(Math.max(a, b) / Math.min(a, b)).toBeLessThan(1.6);
    await sendMails(api);
    expect(await api.db.countBy(OutgoingMail, { status: 'waiting' as never })).toBe(0);
  });
});

describe('what owners are told of', () => {
  it('says when, from where and what to do, and holds no link', async () => {
    const ada = await api.signedIn();
    await ada.post('/auth/password/change', { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }).set('user-agent', 'Tests/1.0').expect(200);
    const mail = (await outboxOf(api, ada.user.email)).at(-1);
    expect(mail?.subject).toBe('Your password was changed');
    expect(mail?.text).toContain(`When: ${api.clock.now().toISOString().slice(0, 19).replace('T', ' ')} UTC`);
    expect(mail?.text).toMatch(/From: (?:127\.0\.0\.1|::1|::ffff:127\.0\.0\.1)\nWith: Tests\/1\.0\n/);
    expect(mail?.text).toContain('If it was not you');
    expect(mail?.text).not.toMatch(/https?:|token/);
  });

  it('includes a session that was ended because its refresh token was copied', async () => {
    const ada = await api.signedIn();
    await api.anyone.post('/auth/refresh', { refreshToken: ada.refreshToken }).expect(200);
    api.clock.advanceSeconds(60);
    await api.anyone.post('/auth/refresh', { refreshToken: ada.refreshToken }).expect(401);
    expect(await subjectsFor(ada.user.email)).toContain('A session was ended to be safe');
  });
});

describe('where addresses must be confirmed', () => {
  let strict: Api;
  beforeAll(async () => {
    strict = await Api.start({ requireVerifiedEmail: true });
  });
  afterAll(() => strict.close());

  it('refuses sign-in until then, and only tells who knows the password', async () => {
    const username = uniqueName();
    const email = `${username}@example.org`;
    await strict.anyone.post('/auth/register', { username, email, password: PASSWORD }).expect(201);
    const right = await strict.anyone.post('/auth/login', { login: username, password: PASSWORD }).expect(403);
    expect(right.body.code).toBe('auth.email-unverified');
    const wrong = await strict.anyone.post('/auth/login', { login: username, password: 'wrong password here' }).expect(401);
    expect(wrong.body.code).toBe('auth.invalid-credentials');
    await strict.anyone.post('/auth/email/verify', { token: tokenIn(await outboxOf(strict, email)) }).expect(200);
    await strict.anyone.post('/auth/login', { login: username, password: PASSWORD }).expect(200);
  });
});
