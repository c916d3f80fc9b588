import { readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { BuiltService, environmentOf } from './support/built.js';
import { type Scratch, scratchDatabase } from './support/scratch-database.js';

describe('a start', () => {
  let scratch: Scratch;
  beforeEach(async () => {
    scratch = await scratchDatabase();
  });
  afterEach(() => scratch.drop());

  const refusal = (environment: NodeJS.ProcessEnv): Promise<string> =>
    BuiltService.start({ ...environmentOf(scratch), ...environment }).then(
      async (service) => {
        await service.stop();
        throw new Error('it started');
      },
      (error: Error) => error.message,
    );

  it('prints the address, the documentation, where the data lies, and once the first admin with a password that works', async () => {
    const first = await BuiltService.start(environmentOf(scratch));
    expect(first.greeting).toMatch(/serving at http:\/\/127\.0\.0\.1:\d+\n.*\/docs\n/s);
    expect(first.greeting).toContain(scratch.settings.dataDir);
    const [, password] = /password +(\S+)/.exec(first.greeting)!;
    const answer = await fetch(`${first.url}/api/v1/admin/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username: 'admin', password }) });
    expect([answer.status, ((await answer.json()) as { mustChangePassword: boolean }).mustChangePassword]).toEqual([200, true]);
    const files = readdirSync(scratch.settings.dataDir!, { recursive: true }) as string[];
    expect(files.filter((file) => (statSync(join(scratch.settings.dataDir!, file)).mode & 0o077) !== 0)).toEqual([]);
    expect(await first.stop()).toBe(0);
    const second = await BuiltService.start(environmentOf(scratch));
    expect(second.greeting).not.toContain('password');
    expect(await second.stop()).toBe(0);
  });

  it.each([
    [{ PORT: 'abc' }, 'PORT'],
    [{ PASSWORD_MIN_LENGTH: '4' }, 'PASSWORD_MIN_LENGTH'],
    [{ MASTER_KEY: 'too short' }, 'MASTER_KEY'],
    [{ SIGNING_KEY: '-----BEGIN PRIVATE KEY-----\\nnonsense\\n-----END PRIVATE KEY-----' }, 'SIGNING_KEY'],
    [{ DATABASE_URL: 'postgres://x@y/z' }, 'DATABASE_URL'],
  ])('with %j ends with 1 and a sentence that names the setting', async (environment, name) => {
    const message = await refusal(environment);
    expect(message).toMatch(/ended with 1 /);
    expect(message).toMatch(new RegExp(`provost: Wrong setting: ${name} .+`));
    expect(message).not.toMatch(/ at \S+ \(/);
  });

  it('on a port in use ends with 1 and says so', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const message = await refusal({ PORT: String(port) });
    expect(message).toMatch(/ended with 1 [\s\S]*Another program uses this port; choose one with PORT\./);
    other.close();
  });

  it('without its database tries again, says so, and ends with 1', async () => {
    const message = await refusal({ DATABASE_URL: 'mysql://root:x@127.0.0.1:1/none', DATABASE_WAIT_SECONDS: '1' });
    expect(message).toMatch(/does not answer yet .*trying again[\s\S]*The database did not answer within 1 s/);
    expect(message).toMatch(/ended with 1 /);
    expect(message).not.toContain(':x@');
  });

  it('finishes the request that is under way when it is told to stop, and ends with 0', async () => {
    const service = await BuiltService.start(environmentOf(scratch));
    const body = JSON.stringify({ username: 'ada', email: 'ada@example.org', password: 'correct horse battery 9' });
    const request = fetch(`${service.url}/api/v1/auth/register`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const head = await fetch(`${service.url}/health/live`);
    expect(head.status).toBe(200);
    const [answer, code] = await Promise.all([request, service.stop()]);
    expect([answer.status, code]).toEqual([201, 0]);
  });
});
