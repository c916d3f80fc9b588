import { TOTP } from 'otpauth';
import { BuiltService, cli, environmentOf } from './support/built.js';
import { migratedDatabase } from './support/migrated-database.js';
import type { Scratch } from './support/scratch-database.js';

/** Each command is a process of its own, and this machine may be busy. */
const PATIENCE_MS = 180_000;
const PASSWORD = 'correct horse battery 9';

/** On the built service, whose log and command line are those that operators see. Time is the real one there. */
describe('an admin’s second factor on the built service', () => {
  let scratch: Scratch;
  let service: BuiltService;
  const secrets = new Set<string>();
  beforeAll(async () => {
    scratch = await migratedDatabase();
    await provost('db', 'migrate');
    service = await BuiltService.start({ ...environmentOf(scratch), LOG_LEVEL: 'trace', LOG_REQUESTS: 'all' });
  }, PATIENCE_MS);
  afterAll(async () => {
    await service.stop();
    await scratch.drop();
  });

  const provost = (...args: string[]): ReturnType<typeof cli> => cli(args, environmentOf(scratch));
  const post = async (path: string, body: Record<string, string>, token?: string): Promise<{ status: number; body: Record<string, string> }> => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(`${service.url}/api/v1/admin/auth${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: answer.status, body: (await answer.json()) as Record<string, string> };
  };
  /** A step apart each, so that none is of a step that was used. */
  const codeOf = (secret: string, stepsAway: number): string => new TOTP({ secret }).generate({ timestamp: Date.now() + stepsAway * 30_000 });
  const remember = <T extends object>(answer: T): T => {
    for (const value of Object.values(answer).flat() as unknown[]) if (typeof value === 'string' && value.length > 15) secrets.add(value);
    return answer;
  };

  it('signs in with a code, and the log tells no password, secret, code or token', async () => {
    const [, password] = /Password +(\S+)/.exec((await provost('admin', 'create', 'grace')).stdout)!;
    const { body: first } = await post('/login', { login: 'grace', password: password! });
    const { body: changed } = await post('/password/change', { currentPassword: password!, newPassword: PASSWORD }, first.accessToken);
    const { body: started } = await post('/mfa/totp', { password: PASSWORD }, changed.accessToken);
    const secret = started.secret!;
    const { body: activated } = await post('/mfa/totp/activate', { code: codeOf(secret, -1) }, changed.accessToken);
    const { body: challenge } = await post('/login', { login: 'grace', password: PASSWORD });
    expect(await post('/login/mfa', { mfaToken: challenge.mfaToken!, code: '0000-0000-0000-0000' })).toMatchObject({ status: 401 });
    const signedIn = await post('/login/mfa', { mfaToken: challenge.mfaToken!, code: codeOf(secret, 0) });
    expect(signedIn.status).toBe(200);
    for (const answer of [{ password: password!, own: PASSWORD, secret }, { accessToken: signedIn.body.accessToken, refreshToken: signedIn.body.refreshToken }, activated, challenge]) remember(answer);
    expect(secrets.size).toBeGreaterThan(14);
    expect(service.output).toContain('/api/v1/admin/auth/login/mfa');
    for (const told of secrets) expect(service.output).not.toContain(told);
  }, PATIENCE_MS);

  it('is reset by an operator when it is lost: the sessions are ended and the password alone opens', async () => {
    const { body: started } = await post('/login', { login: 'grace', password: PASSWORD });
    expect(started).toHaveProperty('mfaToken');
    const [recoveryCode] = [...secrets].filter((each) => /^\w{4}(-\w{4}){3}$/.test(each));
    const { body: open } = await post('/login/mfa', { mfaToken: started.mfaToken!, code: recoveryCode! });
    expect(await provost('admin', 'reset-mfa', 'GRACE')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^grace has no second factor any more/) });
    expect(await post('/refresh', { refreshToken: open.refreshToken! })).toMatchObject({ status: 401 });
    expect((await post('/login', { login: 'grace', password: PASSWORD })).body).toHaveProperty('accessToken');
    expect(await provost('admin', 'reset-mfa', 'grace')).toMatchObject({ code: 1, stderr: expect.stringContaining('no second factor') });
    expect(await provost('admin', 'reset-mfa', 'nobody')).toMatchObject({ code: 1, stderr: expect.stringContaining('nobody') });
  }, PATIENCE_MS);
});
