import { AdminsService } from '../src/admin/admins.service.js';
import { AuditEvent } from '../src/audit/audit-event.entity.js';
import { LoginAudit } from '../src/auth/login-audit.entity.js';
import { MfaChallenge } from '../src/auth/mfa/mfa-challenge.entity.js';
import { RecoveryCode } from '../src/auth/mfa/recovery-code.entity.js';
import { TotpFactor } from '../src/auth/mfa/totp-factor.entity.js';
import { Session } from '../src/auth/sessions/session.entity.js';
import { Keyring } from '../src/platform/crypto/keyring.js';
import { WrappedColumns } from '../src/platform/crypto/wrapped-columns.js';
import { OutgoingMail } from '../src/platform/mail/outgoing-mail.entity.js';
import { Jobs } from '../src/platform/jobs/jobs.js';
import { User } from '../src/users/user.entity.js';
import { UserStatus } from '../src/users/user-record.js';
import { Api, PASSWORD, type SignedInCaller } from './support/api.js';
import { AuthenticatorApp } from './support/authenticator-app.js';

const RECOVERY_CODE = /^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){3}$/;
const NO_CODE = '0000-0000-0000-0000';

describe('a second factor', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start();
  });
  afterAll(() => api.close());

  const login = ({ user }: SignedInCaller) => api.anyone.post('/auth/login', { login: user.username, password: PASSWORD });
  const challenged = async (caller: SignedInCaller): Promise<string> => (await login(caller).expect(200)).body.mfaToken;
  /** One after the other: many sign-ins of one account at the same moment count as guessing. */
  const twentyChallenges = async (caller: SignedInCaller): Promise<string[]> => {
    const tokens: string[] = [];
    while (tokens.length < 20) tokens.push(await challenged(caller));
    return tokens;
  };
  const finish = (mfaToken: string, code: string) => api.anyone.post('/auth/login/mfa', { mfaToken, code });
  const withApp = async (): Promise<{ ada: SignedInCaller; app: AuthenticatorApp }> => {
    const ada = await api.signedIn();
    return { ada, app: await AuthenticatorApp.enrol(api, ada) };
  };
  const reasons = async (caller: SignedInCaller): Promise<string[]> =>
    (await api.db.find(LoginAudit, { where: { principalId: caller.user.id }, order: { id: 'ASC' } })).map(({ reason }) => reason);
  const statuses = (answers: { status: number }[]): Record<number, number> =>
    answers.reduce<Record<number, number>>((counts, { status }) => ({ ...counts, [status]: (counts[status] ?? 0) + 1 }), {});

  describe('set up', () => {
    it('begins with a secret, an otpauth address and a QR code, and changes nothing before it is activated', async () => {
      const ada = await api.signedIn();
      const { body } = await ada.post('/auth/mfa/totp', { password: PASSWORD }).expect(200);
      expect(body.secret).toMatch(/^[A-Z2-7]{32}$/);
      expect(body.otpauthUri).toContain(`secret=${body.secret}`);
      expect(body.otpauthUri).toMatch(/^otpauth:\/\/totp\/Provost:.*algorithm=SHA1&digits=6&period=30/);
      expect(Buffer.from(body.qr.replace(/^data:image\/png;base64,/, ''), 'base64').subarray(1, 4).toString()).toBe('PNG');
      expect((await login(ada).expect(200)).body).toHaveProperty('accessToken');
      expect((await ada.get('/auth/mfa').expect(200)).body).toEqual({ totp: { active: false, since: null }, recoveryCodesLeft: 0, required: false });
    });

    it('asks for the password, so that a stolen access token cannot add a factor', async () => {
      const ada = await api.signedIn();
      await ada.post('/auth/mfa/totp', {}).expect(400);
      expect((await ada.post('/auth/mfa/totp', { password: 'not the password' }).expect(403)).body.code).toBe('auth.wrong-password');
      expect(await api.db.countBy(TotpFactor, { principalId: ada.user.id })).toBe(0);
    });

    it('is done with a right code only, and answers ten recovery codes once', async () => {
      const ada = await api.signedIn();
      expect((await ada.post('/auth/mfa/totp/activate', { code: '123456' }).expect(409)).body.code).toBe('auth.mfa-not-started');
      const { body } = await ada.post('/auth/mfa/totp', { password: PASSWORD }).expect(200);
      const app = AuthenticatorApp.of(api, body.secret);
      expect((await ada.post('/auth/mfa/totp/activate', { code: app.wrongCode }).expect(403)).body.code).toBe('auth.wrong-code');
      const { body: activated } = await ada.post('/auth/mfa/totp/activate', { code: app.code() }).expect(200);
      expect(new Set(activated.recoveryCodes).size).toBe(10);
      for (const code of activated.recoveryCodes) expect(code).toMatch(RECOVERY_CODE);
      const since = api.clock.now().toISOString();
      expect((await ada.get('/auth/mfa').expect(200)).body).toEqual({ totp: { active: true, since }, recoveryCodesLeft: 10, required: false });
    });

    it('replaces a secret that was never activated, and refuses to replace one that was', async () => {
      const ada = await api.signedIn();
      const { body: first } = await ada.post('/auth/mfa/totp', { password: PASSWORD }).expect(200);
      const { body: second } = await ada.post('/auth/mfa/totp', { password: PASSWORD }).expect(200);
      await ada.post('/auth/mfa/totp/activate', { code: AuthenticatorApp.of(api, first.secret).code() }).expect(403);
      await ada.post('/auth/mfa/totp/activate', { code: AuthenticatorApp.of(api, second.secret).code() }).expect(200);
      expect((await ada.post('/auth/mfa/totp', { password: PASSWORD }).expect(409)).body.code).toBe('auth.mfa-active');
      expect((await ada.post('/auth/mfa/totp/activate', { code: AuthenticatorApp.of(api, second.secret).code(1) }).expect(409)).body.code).toBe('auth.mfa-active');
    });

    it('is begun five times at once with one secret left at the end', async () => {
      const ada = await api.signedIn();
      const answers = await Promise.all(Array.from({ length: 5 }, () => ada.post('/auth/mfa/totp', { password: PASSWORD })));
      expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
      expect(await api.db.countBy(TotpFactor, { principalId: ada.user.id })).toBe(1);
    });

    it('keeps the secret sealed and the recovery codes hashed, and tells neither to audit rows, mails or later answers', async () => {
      const { ada, app } = await withApp();
      await finish(await challenged(ada), app.recoveryCodes[0]!).expect(200);
      const { id } = ada.user;
      const [factor] = await api.db.findBy(TotpFactor, { principalId: id });
      const bytes = Buffer.from(factor!.sealedSecret, 'base64url').toString('latin1');
      const rows = [factor, await api.db.findBy(RecoveryCode, { principalId: id }), await api.db.findBy(AuditEvent, { targetId: id }), await api.db.findBy(LoginAudit, { principalId: id }), await api.db.find(OutgoingMail)];
      const answers = [(await ada.get('/auth/mfa').expect(200)).body, (await ada.get('/auth/me').expect(200)).body];
      const written = JSON.stringify([rows, answers]) + bytes;
      for (const secret of [app.secret, ...app.recoveryCodes]) expect(written).not.toContain(secret);
    });

    it('has its secret among what a rotation of the master key seals anew', async () => {
      const { ada, app } = await withApp();
      const column = api.app.get(WrappedColumns).list().find(({ table }) => table === 'totp_factors');
      const [row] = await api.db.query<Record<string, string>[]>(`SELECT ${column!.column} AS sealed FROM totp_factors WHERE ${column!.key[0]!} = ?`, [ada.user.id]);
      expect(api.app.get(Keyring).unwrap(row!.sealed!, column!.context(ada.user.id)).toString()).toBe(app.secret);
    });

    it('leaves an audit row and a mail for each change', async () => {
      const { ada, app } = await withApp();
      await ada.post('/auth/mfa/recovery-codes', { code: app.code() }).expect(200);
      await finish(await challenged(ada), app.recoveryCodes[0]!).expect(401);
      api.clock.advanceSeconds(30);
      await ada.delete('/auth/mfa/totp', { code: app.code() }).expect(200);
      const events = await api.db.find(AuditEvent, { where: { targetId: ada.user.id, actorId: ada.user.id }, order: { id: 'ASC' } });
      expect(events.map(({ action }) => action)).toEqual(expect.arrayContaining(['auth.enable-mfa', 'auth.renew-recovery-codes', 'auth.disable-mfa']));
      expect(await api.db.countBy(OutgoingMail, { principalId: ada.user.id })).toBeGreaterThanOrEqual(3);
    });
  });

  describe('at sign-in', () => {
    it('asks for a code after the right password and begins the session after the right code', async () => {
      const { ada, app } = await withApp();
      const { body: first } = await login(ada).expect(200);
      expect(first).toEqual({ mfaRequired: true, mfaToken: expect.stringMatching(/^pvm_/), expiresIn: 300 });
      expect(await api.db.countBy(Session, { principalId: ada.user.id })).toBe(1);
      const { body: second } = await finish(first.mfaToken, app.code()).expect(200);
      expect(second).toMatchObject({ tokenType: 'Bearer', user: { id: ada.user.id } });
      await api.with(second.accessToken).get('/auth/me').expect(200);
      await api.anyone.post('/auth/refresh', { refreshToken: second.refreshToken }).expect(200);
      expect((await reasons(ada)).slice(-2)).toEqual(['mfa-required', 'signed-in']);
    });

    it('says nothing of the factor to whoever does not know the password', async () => {
      const { ada } = await withApp();
      const { body } = await api.anyone.post('/auth/login', { login: ada.user.username, password: 'not the password' }).expect(401);
      expect(body.code).toBe('auth.invalid-credentials');
      expect(await api.db.countBy(MfaChallenge, { principalId: ada.user.id })).toBe(0);
    });

    it('answers a wrong code, a wrong recovery code and a used code alike', async () => {
      const { ada, app } = await withApp();
      await finish(await challenged(ada), app.code()).expect(200);
      const mfaToken = await challenged(ada);
      const bodies: object[] = [];
      for (const code of [app.wrongCode, NO_CODE, app.code()]) {
        const { body } = await finish(mfaToken, code).expect(401);
        bodies.push({ ...body, requestId: '' });
      }
      expect(bodies[0]).toMatchObject({ code: 'auth.wrong-code', status: 401 });
      expect(bodies[1]).toEqual(bodies[0]);
      expect(bodies[2]).toEqual(bodies[0]);
      expect((await reasons(ada)).slice(-3)).toEqual(['wrong-code', 'wrong-code', 'used-code']);
    });

    it('takes the code of a step behind and a step ahead, and not of two', async () => {
      const { ada, app } = await withApp();
      api.clock.advanceSeconds(300);
      for (const steps of [-2, 2]) await finish(await challenged(ada), app.code(steps)).expect(401);
      for (const steps of [-1, 0, 1]) await finish(await challenged(ada), app.code(steps)).expect(200);
    });

    it('never takes a code twice, nor one older than the last that was taken', async () => {
      const { ada, app } = await withApp();
      api.clock.advanceSeconds(60);
      const used = app.code();
      await finish(await challenged(ada), used).expect(200);
      await finish(await challenged(ada), used).expect(401);
      await finish(await challenged(ada), app.code(-1)).expect(401);
    });

    it('lets one of twenty in that bring the same code at once', async () => {
      const { ada, app } = await withApp();
      const tokens = await twentyChallenges(ada);
      const answers = await Promise.all(tokens.map((mfaToken) => finish(mfaToken, app.code())));
      expect(statuses(answers)).toEqual({ 200: 1, 401: 10, 429: 9 });
      expect(await api.db.countBy(Session, { principalId: ada.user.id })).toBe(2);
    });

    it('lets one of twenty in that bring the same token at once', async () => {
      const { ada, app } = await withApp();
      const mfaToken = await challenged(ada);
      const answers = await Promise.all(Array.from({ length: 20 }, () => finish(mfaToken, app.code())));
      expect(statuses(answers)).toEqual({ 200: 1, 401: 19 });
    });

    it('takes a token once, also with a code that was not used', async () => {
      const { ada, app } = await withApp();
      const mfaToken = await challenged(ada);
      await finish(mfaToken, app.code()).expect(200);
      for (const code of [app.code(1), app.recoveryCodes[0]!]) expect((await finish(mfaToken, code).expect(401)).body.code).toBe('auth.invalid-mfa-token');
      await finish(await challenged(ada), app.recoveryCodes[0]!).expect(200);
    });

    it('ends a challenge after five wrong codes, even for the right one', async () => {
      const { ada, app } = await withApp();
      const mfaToken = await challenged(ada);
      const answers = await Promise.all(Array.from({ length: 20 }, () => finish(mfaToken, app.wrongCode)));
      const codes = answers.map(({ body }) => body.code as string).sort();
      expect(codes).toEqual([...Array<string>(15).fill('auth.mfa-too-many-tries'), ...Array<string>(5).fill('auth.wrong-code')]);
      expect((await finish(mfaToken, app.code()).expect(401)).body.code).toBe('auth.mfa-too-many-tries');
      await finish(await challenged(ada), app.code()).expect(200);
    });

    it('takes ten wrong codes an account in a quarter of an hour over all challenges, and says when to come back', async () => {
      const { ada, app } = await withApp();
      for (let tries = 0; tries < 10; tries += 1) await finish(await challenged(ada), app.wrongCode).expect(401);
      const refused = await finish(await challenged(ada), app.code()).expect(429);
      expect([refused.body.code, refused.headers['retry-after']]).toEqual(['auth.too-many-codes', '900']);
      await finish(await challenged(ada), app.recoveryCodes[0]!).expect(429);
      expect((await reasons(ada)).slice(-1)).toEqual(['too-many-codes']);
      api.clock.advanceSeconds(899);
      await finish(await challenged(ada), app.code()).expect(429);
      api.clock.advanceSeconds(1);
      await finish(await challenged(ada), app.code()).expect(200);
    });

    it('counts wrong codes apart from wrong passwords', async () => {
      const { ada, app } = await withApp();
      const mfaToken = await challenged(ada);
      for (let tries = 0; tries < 5; tries += 1) await finish(mfaToken, app.wrongCode).expect(401);
      expect((await login(ada).expect(200)).body).toHaveProperty('mfaToken');
      const [factor] = await api.db.findBy(TotpFactor, { principalId: ada.user.id });
      await api.anyone.post('/auth/login', { login: ada.user.username, password: 'not the password' }).expect(401);
      expect(await api.db.findOneBy(TotpFactor, { principalId: ada.user.id })).toMatchObject({ failures: factor!.failures });
    });

    it('forgets a challenge after five minutes', async () => {
      const { ada, app } = await withApp();
      const mfaToken = await challenged(ada);
      api.clock.advanceSeconds(299);
      await finish(mfaToken, app.wrongCode).expect(401);
      api.clock.advanceSeconds(1);
      expect((await finish(mfaToken, app.code()).expect(401)).body.code).toBe('auth.invalid-mfa-token');
      await api.app.get(Jobs).run('auth.purge');
      expect(await api.db.countBy(MfaChallenge, { principalId: ada.user.id })).toBe(0);
      expect((await finish(mfaToken, app.code()).expect(401)).body.code).toBe('auth.invalid-mfa-token');
    });

    it('takes no challenge from before the password was changed', async () => {
      const { ada, app } = await withApp();
      const mfaToken = await challenged(ada);
      api.clock.advanceSeconds(1);
      await ada.post('/auth/password/change', { currentPassword: PASSWORD, newPassword: 'another battery staple 9' }).expect(200);
      expect((await finish(mfaToken, app.code()).expect(401)).body.code).toBe('auth.invalid-mfa-token');
    });

    it('lets nobody in who was banned or deleted between the steps', async () => {
      const { ada, app } = await withApp();
      const banned = await challenged(ada);
      await api.db.update(User, { id: ada.user.id }, { status: UserStatus.Banned });
      expect((await finish(banned, app.code()).expect(403)).body.code).toBe('auth.banned');
      expect((await reasons(ada)).slice(-1)).toEqual(['banned']);
      await api.db.delete(User, { id: ada.user.id });
      expect((await finish(banned, app.code()).expect(401)).body.code).toBe('auth.invalid-mfa-token');
    });

    it('opens nothing with the token of the first step alone', async () => {
      const { ada } = await withApp();
      const mfaToken = await challenged(ada);
      await api.with(mfaToken).get('/auth/me').expect(401);
      await api.anyone.post('/auth/refresh', { refreshToken: mfaToken }).expect(401);
    });

    it('refuses invented and altered tokens', async () => {
      const { ada, app } = await withApp();
      const mfaToken = await challenged(ada);
      const other = await challenged((await withApp()).ada);
      const [, id] = other.split('_');
      const mixed = mfaToken.replace(/^pvm_[^_]+/, `pvm_${id}`);
      for (const token of ['x', 'pvm_', mixed, `${mfaToken}A`, mfaToken.slice(0, -2), mfaToken.replace('pvm_', 'pvr_')]) {
        expect((await finish(token, app.code()).expect(401)).body.code).toBe('auth.invalid-mfa-token');
      }
      await finish(mfaToken, app.code()).expect(200);
    });
  });

  describe('lost', () => {
    it('is replaced by a recovery code, as people type it, once', async () => {
      const { ada, app } = await withApp();
      const [code] = app.recoveryCodes;
      await finish(await challenged(ada), ` ${code!.toUpperCase().replaceAll('-', ' ')} `).expect(200);
      await finish(await challenged(ada), code!).expect(401);
      expect((await ada.get('/auth/mfa').expect(200)).body.recoveryCodesLeft).toBe(9);
      expect(await api.db.findOneBy(AuditEvent, { targetId: ada.user.id, action: 'auth.use-recovery-code' })).toMatchObject({ after: { left: 9 } });
    });

    it('lets one of twenty in that bring the same recovery code at once', async () => {
      const { ada, app } = await withApp();
      const tokens = await twentyChallenges(ada);
      const answers = await Promise.all(tokens.map((mfaToken) => finish(mfaToken, app.recoveryCodes[3]!)));
      expect(statuses(answers)).toEqual({ 200: 1, 401: 10, 429: 9 });
      expect((await ada.get('/auth/mfa').expect(200)).body.recoveryCodesLeft).toBe(9);
    });

    it('takes no recovery code of somebody else', async () => {
      const { ada } = await withApp();
      const { app } = await withApp();
      await finish(await challenged(ada), app.recoveryCodes[0]!).expect(401);
    });
  });

  describe('looked after', () => {
    it('makes new recovery codes for a code of the app only, and the old ones are dead', async () => {
      const { ada, app } = await withApp();
      await ada.post('/auth/mfa/recovery-codes', {}).expect(400);
      for (const code of [app.wrongCode, app.recoveryCodes[0]!]) expect((await ada.post('/auth/mfa/recovery-codes', { code }).expect(403)).body.code).toBe('auth.wrong-code');
      const { body } = await ada.post('/auth/mfa/recovery-codes', { code: app.code() }).expect(200);
      expect(body.recoveryCodes).toHaveLength(10);
      await finish(await challenged(ada), app.recoveryCodes[1]!).expect(401);
      await finish(await challenged(ada), body.recoveryCodes[1]).expect(200);
    });

    it('is removed for a code only, of the app or a recovery code, and is gone with all its codes', async () => {
      const { ada, app } = await withApp();
      await ada.delete('/auth/mfa/totp').expect(400);
      expect((await ada.delete('/auth/mfa/totp', { code: app.wrongCode }).expect(403)).body.code).toBe('auth.wrong-code');
      const mfaToken = await challenged(ada);
      expect((await ada.delete('/auth/mfa/totp', { code: app.recoveryCodes[9]! }).expect(200)).body.totp).toEqual({ active: false, since: null });
      expect((await finish(mfaToken, app.code()).expect(401)).body.code).toBe('auth.invalid-mfa-token');
      expect((await login(ada).expect(200)).body).toHaveProperty('accessToken');
      expect(await api.db.countBy(RecoveryCode, { principalId: ada.user.id })).toBe(0);
      for (const refused of [ada.delete('/auth/mfa/totp', { code: app.code() }), ada.post('/auth/mfa/recovery-codes', { code: app.code() })]) {
        expect((await refused.expect(409)).body.code).toBe('auth.mfa-not-active');
      }
    });

    it('stops guessing there as at sign-in', async () => {
      const { ada, app } = await withApp();
      const answers = await Promise.all(Array.from({ length: 20 }, () => ada.delete('/auth/mfa/totp', { code: app.wrongCode })));
      expect(statuses(answers)).toEqual({ 403: 10, 429: 10 });
      await finish(await challenged(ada), app.code()).expect(429);
    });
  });

  describe('of an admin', () => {
    const enrolledAdmin = async (username: string) => {
      const { password } = await api.app.get(AdminsService).create(username);
      const { body } = await api.anyone.post('/admin/auth/login', { login: username, password }).expect(200);
      const { body: changed } = await api.with(body.accessToken).post('/admin/auth/password/change', { currentPassword: password, newPassword: PASSWORD }).expect(200);
      return AuthenticatorApp.enrol(api, api.with(changed.accessToken), PASSWORD, '/admin/auth');
    };

    it('works as that of a user, and neither’s token is anything at the other’s door', async () => {
      const app = await enrolledAdmin('gate-keeper');
      const { ada, app: adasApp } = await withApp();
      const { body } = await api.anyone.post('/admin/auth/login', { login: 'gate-keeper', password: PASSWORD }).expect(200);
      const adas = await challenged(ada);
      expect((await finish(body.mfaToken, app.code()).expect(401)).body.code).toBe('auth.invalid-mfa-token');
      expect((await api.anyone.post('/admin/auth/login/mfa', { mfaToken: adas, code: adasApp.code() }).expect(401)).body.code).toBe('auth.invalid-mfa-token');
      await ada.get('/admin/auth/mfa').expect(401);
      const { body: signedIn } = await api.anyone.post('/admin/auth/login/mfa', { mfaToken: body.mfaToken, code: app.code() }).expect(200);
      await api.with(signedIn.accessToken).get('/auth/mfa').expect(401);
      expect((await api.with(signedIn.accessToken).get('/admin/auth/mfa').expect(200)).body.totp.active).toBe(true);
      await finish(adas, adasApp.code()).expect(200);
    });
  });
});
