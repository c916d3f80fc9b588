import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { BuiltService, cli, cliAlone, environmentOf } from './support/built.js';
import { type Scratch, scratchDatabase } from './support/scratch-database.js';

/** Each command is a process of its own, and this machine may be busy. */
const PATIENCE_MS = 180_000;

describe('the command line', () => {
  let scratch: Scratch;
  let environment: NodeJS.ProcessEnv;
  const provost = (...args: string[]): ReturnType<typeof cli> => cli(args, environment);
  beforeAll(async () => {
    scratch = await scratchDatabase();
    environment = environmentOf(scratch);
  });
  afterAll(() => scratch.drop());

  it('says its version, which is the package’s', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await provost('--version')).toMatchObject({ code: 0, stdout: `${version}\n` });
  }, PATIENCE_MS);

  it('tells of every command, with an example where there are arguments', async () => {
    const { code, stdout } = await provost('--help');
    expect(code).toBe(0);
    for (const command of ['db', 'user', 'admin', 'service-key', 'plan', 'jobs', 'replay']) expect(stdout).toMatch(new RegExp(`^ +${command} `, 'm'));
    for (const command of [['plan', 'set'], ['replay'], ['db', 'restore']]) {
      expect((await provost(...command, '--help')).stdout).toContain(`provost ${command.join(' ')}`);
    }
  }, PATIENCE_MS);

  it('answers wrong usage with 2, and says what was wrong', async () => {
    expect(await provost('no-such-command')).toMatchObject({ code: 2, stderr: expect.stringContaining('no-such-command') });
    expect(await provost('replay')).toMatchObject({ code: 2, stderr: expect.stringContaining('file') });
    expect(await provost('replay', 'x', '--users', '0')).toMatchObject({ code: 2, stderr: expect.stringContaining('whole number') });
    expect((await provost()).code).toBe(2);
  }, PATIENCE_MS);

  it('answers a wrong setting with 1 and one sentence', async () => {
    const { code, stderr } = await cli(['db', 'status'], { ...environment, PORT: 'x' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^provost: Wrong setting: PORT .*\n$/);
  }, PATIENCE_MS);

  it('migrates, and tells what is pending', async () => {
    expect(await provost('db', 'status')).toMatchObject({ code: 1, stdout: expect.stringMatching(/Pending +Ground/) });
    expect(await provost('db', 'migrate')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Applied: Ground/) });
    expect(await provost('db', 'migrate')).toMatchObject({ code: 0, stdout: 'The schema is up to date.\n' });
    const status = await provost('db', 'status');
    expect(status).toMatchObject({ code: 0, stdout: expect.stringMatching(/Pending +nothing/) });
    expect(status.stdout).not.toMatch(/:[^/@\s]+@/);
    expect(await provost('db', 'rollback')).toMatchObject({ code: 0 });
    expect(await provost('db', 'status')).toMatchObject({ code: 1 });
    expect(await provost('db', 'migrate')).toMatchObject({ code: 0 });
  }, PATIENCE_MS);

  it('bans, deletes, restores and erases users by their names, and tells beforehand what a purge would take', async () => {
    const service = await BuiltService.start(environment);
    const ada = { username: 'ada-of-the-cli', email: 'ada-of-the-cli@example.org', password: 'small engines, big gears' };
    const post = (path: string, body: object) => fetch(`${service.url}/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const signIn = async (): Promise<number> => (await post('/auth/login', { login: ada.username, password: ada.password })).status;
    const user = (...args: string[]): ReturnType<typeof cli> => provost('user', ...args, '--reason', 'a test');
    try {
      expect((await post('/auth/register', ada)).status).toBe(201);
      expect(await user('ban', ada.username)).toMatchObject({ code: 0, stdout: `Banned ${ada.username}.\n` });
      expect(await signIn()).toBe(403);
      expect(await user('unban', ada.email)).toMatchObject({ code: 0 });
      expect(await user('delete', ada.username)).toMatchObject({ code: 0, stdout: expect.stringContaining('can be restored until') });
      expect(await signIn()).toBe(401);
      expect(await provost('user', 'purge', '--dry-run')).toMatchObject({ code: 0, stdout: 'Nobody is due.\n' });
      expect(await user('restore', ada.email)).toMatchObject({ code: 0 });
      expect(await signIn()).toBe(200);
      expect(await user('erase', ada.username, '--confirm', 'somebody')).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing was erased') });
      expect(await user('erase', ada.username, '--confirm', ada.username)).toMatchObject({ code: 0, stdout: expect.stringMatching(/Erased.*sessions \d/) });
      expect(await user('restore', ada.username)).toMatchObject({ code: 1, stderr: expect.stringContaining('no deleted user') });
    } finally {
      await service.stop();
    }
  }, PATIENCE_MS);

  it('makes an admin once, with a password that signs in', async () => {
    const made = await provost('admin', 'create', 'grace');
    expect(made.code).toBe(0);
    expect(await provost('admin', 'create', 'grace')).toMatchObject({ code: 1, stderr: expect.stringContaining('grace') });
    const [, password] = /Password +(\S+)/.exec(made.stdout)!;
    const service = await BuiltService.start(environment);
    try {
      const answer = await fetch(`${service.url}/api/v1/admin/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ login: 'grace', password }) });
      expect(answer.status).toBe(200);
    } finally {
      await service.stop();
    }
  }, PATIENCE_MS);

  it('makes a service key with known scopes only', async () => {
    expect(await provost('service-key', 'create', '--name', 'chat', '--scopes', 'usage:consume, messages:write')).toMatchObject({ code: 0, stdout: expect.stringMatching(/Key +pv_live_\w+/) });
    expect(await provost('service-key', 'create', '--name', 'chat', '--scopes', 'fly')).toMatchObject({ code: 1, stderr: expect.stringContaining('usage:consume') });
    expect(await provost('service-key', 'create', '--name', 'chat')).toMatchObject({ code: 2 });
  }, PATIENCE_MS);

  it('makes and changes plans', async () => {
    expect(await provost('plan', 'set', 'team', '--conversations-per-day', '500', '--credits-per-month', '1000')).toMatchObject({ code: 0, stdout: expect.stringMatching(/team.*500/s) });
    expect(await provost('plan', 'set', 'team', '--conversations-per-day', 'unlimited', '--feature', 'export=true')).toMatchObject({ code: 0, stdout: expect.stringMatching(/unlimited/) });
    expect(await provost('plan', 'list')).toMatchObject({ code: 0, stdout: expect.stringMatching(/team +unlimited +1000/) });
    expect(await provost('plan', 'set', 'team', '--conversations-per-day', '-1')).toMatchObject({ code: 2 });
  }, PATIENCE_MS);

  it('lists the jobs and runs one at once', async () => {
    const { stdout } = await provost('jobs', 'list');
    const [name] = stdout.split(/\s/);
    expect(await provost('jobs', 'run', name!)).toMatchObject({ code: 0, stdout: expect.stringMatching(new RegExp(`^${name} took \\d+ ms`)) });
    expect(await provost('jobs', 'run', 'no.such-job')).toMatchObject({ code: 1, stderr: expect.stringContaining(name!) });
  }, PATIENCE_MS);

  describe('backs up and restores', () => {
    let file: string;
    let target: Scratch;
    let elsewhere: NodeJS.ProcessEnv;
    let lines: string[];
    const linesOf = (path: string): string[] => gunzipSync(readFileSync(path)).toString().split('\n').filter(Boolean);
    /** Without what differs from one backup of the same rows to the next. */
    const rowsOf = (path: string): string[] => linesOf(path).slice(1);

    beforeAll(async () => {
      file = join(scratch.settings.dataDir!, 'backup.gz');
      target = await scratchDatabase();
      elsewhere = environmentOf(target);
    });
    afterAll(() => target.drop());

    it('everything while the service runs, into a file that only its owner can read', async () => {
      const service = await BuiltService.start(environment);
      try {
        const registered = await post(service.url, '/auth/register', { email: 'ada@example.org', username: 'ada', password: 'correct horse battery 9', name: 'Ada مرحبا 🦉' });
        expect(registered.status).toBe(201);
        const { accessToken } = (await (await post(service.url, '/auth/login', { login: 'ada', password: 'correct horse battery 9' })).json()) as { accessToken: string };
        const posted = await post(service.url, '/message-logs', { id: 'one', model: 'm', messages: [{ role: 'user', content: 'text\u2028with a line separator' }] }, accessToken);
        expect(posted.status).toBe(202);
        expect(await provost('db', 'backup', file)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Wrote \d+ rows .* master\.key/) });
      } finally {
        await service.stop();
      }
      expect(statSync(file).mode & 0o777).toBe(0o600);
      lines = linesOf(file);
      expect(lines.join('\n')).toContain('Ada مرحبا 🦉');
      expect(lines.join('\n')).not.toContain('with a line separator');
    }, PATIENCE_MS);

    it('over no file, unless told to', async () => {
      expect(await provost('db', 'backup', file)).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') });
      expect(await provost('db', 'backup', file, '--force')).toMatchObject({ code: 0 });
    }, PATIENCE_MS);

    it('into an empty installation, row for row, with the keys; what was signed and encrypted there still opens', async () => {
      expect(await cliAlone(['db', 'restore', file], elsewhere)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Restored \d+ rows/) });
      const again = join(target.settings.dataDir!, 'again.gz');
      expect(await cliAlone(['db', 'backup', again], elsewhere)).toMatchObject({ code: 0 });
      expect(rowsOf(again)).toEqual(rowsOf(file));
      const service = await BuiltService.start(elsewhere);
      try {
        expect(service.greeting).not.toContain('first admin');
        const signedIn = await post(service.url, '/auth/login', { login: 'ada', password: 'correct horse battery 9' });
        const { accessToken } = (await signedIn.json()) as { accessToken: string };
        const read = await fetch(`${service.url}/api/v1/message-logs/one`, { headers: { authorization: `Bearer ${accessToken}` } });
        expect(await read.json()).toMatchObject({ messages: [{ role: 'user', content: 'text\u2028with a line separator' }] });
      } finally {
        await service.stop();
      }
    }, PATIENCE_MS);

    it('over no accounts, unless told to', async () => {
      expect(await cliAlone(['db', 'restore', file], elsewhere)).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') });
      expect(await cliAlone(['db', 'restore', file, '--force'], elsewhere)).toMatchObject({ code: 0 });
    }, PATIENCE_MS);

    it('not under a running service', async () => {
      const service = await BuiltService.start(elsewhere);
      try {
        expect(await cliAlone(['db', 'restore', file, '--force'], elsewhere)).toMatchObject({ code: 1, stderr: expect.stringContaining('in use') });
      } finally {
        await service.stop();
      }
    }, PATIENCE_MS);

    it('nothing of a torn or foreign file: what was there stays', async () => {
      const before = join(target.settings.dataDir!, 'before.gz');
      await cliAlone(['db', 'backup', before, '--force'], elsewhere);
      const broken = join(target.settings.dataDir!, 'broken.gz');
      const flaws: [string, Buffer][] = [
        ['its end is missing', gzipSync(`${lines.slice(0, -2).join('\n')}\n`)],
        ['another schema', gzipSync([lines[0]!.replace('"Ground"', '"Other"'), ...lines.slice(1)].join('\n'))],
        ['another master key', gzipSync([lines[0]!.replace(/"keyCheck":"\w+"/, '"keyCheck":"0123456789abcdef"'), ...lines.slice(1)].join('\n'))],
      ];
      for (const [flaw, bytes] of flaws) {
        writeFileSync(broken, bytes);
        expect(await cliAlone(['db', 'restore', broken, '--force'], elsewhere)).toMatchObject({ code: 1, stderr: expect.stringContaining(flaw) });
      }
      const after = join(target.settings.dataDir!, 'after.gz');
      await cliAlone(['db', 'backup', after, '--force'], elsewhere);
      expect(rowsOf(after)).toEqual(rowsOf(before));
    }, PATIENCE_MS);

    it('keeps keys that it finds in the place of its own', async () => {
      const other = await scratchDatabase();
      try {
        const keys = join(other.settings.dataDir!, 'keys');
        mkdirSync(keys, { recursive: true });
        writeFileSync(join(keys, 'master.key'), Buffer.alloc(32, 7).toString('base64'));
        expect(await cliAlone(['db', 'restore', file], environmentOf(other))).toMatchObject({ code: 0 });
        expect(readdirSync(keys).sort()).toEqual([expect.stringMatching(/^master\.[0-9a-f]{12}\.key$/), 'master.key']);
      } finally {
        await other.drop();
      }
    }, PATIENCE_MS);

    it('onto the embedded engine what came from MySQL, and the other way round', async () => {
      const other = await scratchDatabase();
      // On a run without MySQL this is the embedded engine both times.
      const embedded = { DATA_DIR: join(other.settings.dataDir!, 'embedded'), DATABASE_URL: '' };
      const [there, back] = [join(other.settings.dataDir!, 'there.gz'), join(other.settings.dataDir!, 'back.gz')];
      mkdirSync(embedded.DATA_DIR);
      try {
        expect(await cliAlone(['db', 'restore', file], embedded)).toMatchObject({ code: 0 });
        expect(await cli(['db', 'backup', there], embedded)).toMatchObject({ code: 0 });
        expect(await cliAlone(['db', 'restore', there], environmentOf(other))).toMatchObject({ code: 0 });
        expect(await cli(['db', 'backup', back], environmentOf(other))).toMatchObject({ code: 0 });
        expect([...rowsOf(there)].sort()).toEqual([...rowsOf(file)].sort());
        expect([...rowsOf(back)].sort()).toEqual([...rowsOf(file)].sort());
      } finally {
        await other.drop();
      }
    }, PATIENCE_MS);
  });
});

function post(url: string, path: string, body: object, token?: string): Promise<Response> {
  return fetch(`${url}/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }, body: JSON.stringify(body) });
}
