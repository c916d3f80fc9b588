import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { TOTP } from 'otpauth';
import { BuiltService, cli, environmentOf } from './support/built.js';
import { migratedDatabase } from './support/migrated-database.js';
import type { Scratch } from './support/scratch-database.js';
import { until } from './support/until.js';

/** Each command is a process of its own, and this machine may be busy. */
const PATIENCE_MS = 180_000;
const PASSWORD = 'correct horse battery 9';

/** On the built service, whose log and command line are those that operators see. Time is the real one there. */
describe('a second factor on the built service', () => {
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
  const post = async (path: string, body: Record<string, string>, token?: string, door = '/admin/auth'): Promise<{ status: number; body: Record<string, string> }> => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(`${service.url}/api/v1${door}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: answer.status, body: (await answer.json()) as Record<string, string> };
  };
  /** A step apart each, so that none is of a step that was used; none of a step behind, which a slow machine would let fall two behind. */
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
    const { body: activated } = await post('/mfa/totp/activate', { code: codeOf(secret, 0) }, changed.accessToken);
    const { body: challenge } = await post('/login', { login: 'grace', password: PASSWORD });
    expect(await post('/login/mfa', { mfaToken: challenge.mfaToken!, code: '0000-0000-0000-0000' })).toMatchObject({ status: 401 });
    const signedIn = await post('/login/mfa', { mfaToken: challenge.mfaToken!, code: codeOf(secret, 1) });
    expect(signedIn.status).toBe(200);
    for (const answer of [{ password: password!, own: PASSWORD, secret }, { accessToken: signedIn.body.accessToken, refreshToken: signedIn.body.refreshToken }, activated, challenge]) remember(answer);
    expect(secrets.size).toBeGreaterThan(14);
    // Those of both codes: what was printed may be read after the answer.
    await until(() => service.output.split('"/api/v1/admin/auth/login/mfa"').length > 2);
    for (const told of secrets) expect(service.output).not.toContain(told);
  }, PATIENCE_MS);

  it('is reset by an operator when it is lost: the sessions are ended and the password alone opens', async () => {
    const { body: started } = await post('/login', { login: 'grace', password: PASSWORD });
    expect(started).toHaveProperty('mfaToken');
    const [recoveryCode] = [...secrets].filter((each) => /^\w{4}(-\w{4}){3}$/.test(each));
    const { body: open } = await post('/login/mfa', { mfaToken: started.mfaToken!, code: recoveryCode! });
    expect(await provost('admin', 'reset-mfa', 'GRACE', '--yes')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^grace has no second factor any more/) });
    expect(await post('/refresh', { refreshToken: open.refreshToken! })).toMatchObject({ status: 401 });
    expect((await post('/login', { login: 'grace', password: PASSWORD })).body).toHaveProperty('accessToken');
    expect(await provost('admin', 'reset-mfa', 'grace', '--yes')).toMatchObject({ code: 1, stderr: expect.stringContaining('no second factor') });
    expect(await provost('admin', 'reset-mfa', 'nobody', '--yes')).toMatchObject({ code: 1, stderr: expect.stringContaining('nobody') });
  }, PATIENCE_MS);

  /** As at a terminal, where somebody types this line. */
  const answering = async (typed: string, ...args: string[]): Promise<string> => {
    const child = spawn(process.execPath, ['dist/cli/provost.js', ...args], { env: { PATH: process.env.PATH, ...environmentOf(scratch) }, stdio: ['pipe', 'ignore', 'pipe'] });
    child.stdin.end(typed);
    return text(child.stderr);
  };

  it('of a user is reset for a yes: sessions end, the password alone opens, and the user is told', async () => {
    const user = { login: 'ada', password: PASSWORD };
    const asAda = (path: string, body: Record<string, string>, token?: string) => post(path, body, token, '/auth');
    await asAda('/register', { username: 'ada', email: 'ada@example.org', password: PASSWORD });
    const { body: first } = await asAda('/login', user);
    const { body: started } = await asAda('/mfa/totp', { password: PASSWORD }, first.accessToken);
    expect(await asAda('/mfa/totp/activate', { code: codeOf(started.secret!, 0) }, first.accessToken)).toMatchObject({ status: 200 });

    expect(await answering('n\n', 'user', 'reset-mfa', 'ada')).toMatch(/Remove the second factor of ada\?.*Nothing was done/s);
    expect(await answering('', 'user', 'reset-mfa', 'ada')).toContain('Nothing was done');
    const { body: challenge } = await asAda('/login', user);
    expect(challenge).toHaveProperty('mfaToken');

    expect(await provost('user', 'reset-mfa', 'ada@example.org', '--yes')).toMatchObject({ code: 0, stdout: 'ada has no second factor any more, and is signed out everywhere.\n' });
    expect(await asAda('/login/mfa', { mfaToken: challenge.mfaToken!, code: codeOf(started.secret!, 1) })).toMatchObject({ status: 401 });
    expect(await asAda('/refresh', { refreshToken: first.refreshToken! })).toMatchObject({ status: 401 });
    const { body: signedIn } = await asAda('/login', user);
    expect(signedIn).toHaveProperty('accessToken');

    const { body: admin } = await post('/login', { login: 'grace', password: PASSWORD });
    const audit = await fetch(`${service.url}/api/v1/admin/audit-events?action=auth.reset-mfa`, { headers: { authorization: `Bearer ${admin.accessToken}` } });
    const { id } = (signedIn as unknown as { user: { id: string } }).user;
    expect(await audit.json()).toContainEqual(expect.objectContaining({ targetId: id, actorKind: 'system' }));
    expect(await answering('y\n', 'user', 'reset-mfa', 'ada')).toContain('ada has no second factor.');
    const outbox = join(scratch.settings.dataDir!, 'outbox');
    const mails = (): string[] => (existsSync(outbox) ? readdirSync(outbox).map((name) => readFileSync(join(outbox, name), 'utf8')) : []);
    await until(() => mails().some((mail) => mail.includes('ada@example.org') && mail.includes('Two-step sign-in was turned off')), 70_000);
  }, PATIENCE_MS);
});
