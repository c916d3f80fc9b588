import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hkdfSync, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { whileAlone } from '../src/cli/keys/alone.js';
import { Sql } from '../src/platform/database/sql.js';
import { insertRow } from '../src/platform/database/insert-row.js';
import { hmac } from '../src/platform/crypto/hashes.js';
import { KeyFolder } from '../src/platform/crypto/key-folder.js';
import { Keyring, wrapperOf } from '../src/platform/crypto/keyring.js';
import { MasterKeys } from '../src/platform/crypto/master-keys.js';
import { Rewrapping } from '../src/platform/crypto/rewrapping.js';
import { Secret } from '../src/platform/crypto/secret.entity.js';
import { WrappedColumns } from '../src/platform/crypto/wrapped-columns.js';
import { MailQueue } from '../src/platform/mail/mail-queue.js';
import { settingsFrom } from '../src/platform/config/load-settings.js';
import { TotpFactors } from '../src/auth/mfa/totp-factors.service.js';
import { newId } from '../src/platform/ids/ids.js';
import { PrincipalKind } from '../src/access/permission.js';
import { DataKey } from '../src/users/data-key.entity.js';
import { Principal } from '../src/users/principal.entity.js';
import { Api, PASSWORD, uniqueName } from './support/api.js';
import { BuiltService, cli } from './support/built.js';
import type { CliResult } from './support/cli-host.js';
import { FixedClock } from './support/fixed-clock.js';

const PATIENCE_MS = 120_000;
const messages = [{ role: 'user', content: 'to be read for ever' }];

/** The rotation of the master key under a running service, and everything that is wrapped by it. */
describe('the master key', () => {
  let api: Api;
  let folder: KeyFolder;
  let environment: NodeJS.ProcessEnv;
  let service: BuiltService | undefined;
  beforeEach(async () => {
    api = await Api.start({}, new FixedClock(Date.now()));
    folder = new KeyFolder(api.settings.dataDir);
    environment = { DATA_DIR: api.settings.dataDir, DATABASE_URL: api.settings.databaseUrl ?? '', JOBS_ENABLED: 'false', FIRST_ADMIN: 'false' };
    service = undefined;
  }, PATIENCE_MS);
  afterEach(async () => {
    await service?.stop();
    await api.close();
  }, PATIENCE_MS);

  const keys = (...args: string[]): Promise<CliResult> => cli(['keys', ...args], environment);
  const serve = async (changed: NodeJS.ProcessEnv = {}): Promise<BuiltService> => {
    await service?.stop();
    return (service = await BuiltService.start({ ...environment, ...changed }));
  };

  it('changes while the service runs: all that was written before and meanwhile reads on, also after a restart without the old key', async () => {
    const running = await serve();
    const ada = await Person.new(running.url);
    const made = await ada.post('/users/me/api-keys', { name: 'kept' }, { 'idempotency-key': 'once' });
    const old = folder.current()!.id;
    await mailFactorAndWebhook(api);
    expect(await wrappedBy(api, old)).toEqual(WRAPPED);
    let done = false;
    const meanwhile: Person[] = [];
    const writing = (async () => {
      while (!done) {
        meanwhile.push(await Person.new(running.url));
        expect(await ada.text()).toEqual(messages);
      }
    })();
    const rotated = await keys('rotate-master');
    done = true;
    await writing;
    expect(rotated).toMatchObject({ code: 0, stdout: expect.stringContaining(`Removed ${old}`) });
    expect(readdirSync(folder.path).filter((name) => name.endsWith('.key'))).toEqual(['master.key']);
    expect(folder.current()!.id).not.toBe(old);
    expect(await wrappedBy(api, old)).toEqual([]);

    const { url } = await serve();
    expect(meanwhile.length).toBeGreaterThan(1);
    for (const person of [ada, ...meanwhile]) {
      expect(await person.at(url).refresh()).toBe(200);
      expect(await person.text()).toEqual(messages);
    }
    expect(await ada.post('/users/me/api-keys', { name: 'kept' }, { 'idempotency-key': 'once' })).toEqual(made);
    const restarted = new MasterKeys(api.settings);
    const rewrapping = new Rewrapping(api.app.get(Sql), new Keyring(restarted, randomBytes(32)), restarted, api.app.get(WrappedColumns));
    expect(await rewrapping.tally()).toEqual(new Map([[restarted.current.id, expect.any(Number)]]));
    const { stdout } = await keys('status');
    expect(stdout).toContain(folder.current()!.id);
    expect(stdout).not.toContain(old);
  }, PATIENCE_MS);

  it('changes completely when the command is killed in the middle and called again', async () => {
    await manyDataKeys(api, 3000);
    const running = await serve();
    const ada = await Person.new(running.url);
    const old = folder.current()!.id;
    expect(await killedAt(/^Wrapping: /, ['keys', 'rotate-master'], environment)).toBe('SIGKILL');
    const half = await wrappers(api);
    expect(half.get(old)).toBeGreaterThan(0);
    expect(half.get(folder.current()!.id)).toBeGreaterThan(0);
    expect(await ada.text()).toEqual(messages);
    expect(await keys('rotate-master')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Going on with .*Removed/s) });
    expect([...(await wrappers(api)).keys()]).toEqual([folder.current()!.id]);
    expect(folder.all()).toHaveLength(1);
    expect(await ada.text()).toEqual(messages);
  }, PATIENCE_MS);

  it('is changed by one at a time: a second process that tries meanwhile says so, and changes nothing', async () => {
    const before = folder.all().map(({ id }) => id);
    await whileAlone(folder.path, async () => {
      expect(await keys('rotate-master')).toMatchObject({ code: 1, stderr: expect.stringContaining('running already') });
      expect(folder.all().map(({ id }) => id)).toEqual(before);
    });
    expect(await keys('rotate-master')).toMatchObject({ code: 0 });
    expect(folder.all()).toHaveLength(1);
  }, PATIENCE_MS);

  it('stays readable in its file with --keep-old', async () => {
    const old = folder.current()!.id;
    expect(await keys('rotate-master', '--keep-old')).toMatchObject({ code: 0 });
    expect(folder.all().map(({ id }) => id).sort()).toEqual([old, folder.current()!.id].sort());
  }, PATIENCE_MS);

  it('is not removed while something is left that no key opens, and the command says what', async () => {
    const { id } = await strangersDataKey(api);
    const old = folder.current()!.id;
    expect(await keys('rotate-master')).toMatchObject({ code: 1, stderr: expect.stringContaining('1 of data_keys.wrapped') });
    expect(folder.all().map((key) => key.id)).toContain(old);
    await api.db.delete(DataKey, { userId: id });
    expect(await keys('rotate-master')).toMatchObject({ code: 0 });
  }, PATIENCE_MS);

  it('given by MASTER_KEY changes by settings: readable everywhere, current everywhere, wrapped again, dropped', async () => {
    const [a, b] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
    environment.DATA_DIR = join(api.settings.dataDir, 'machine');
    if (environment.DATABASE_URL !== '') await api.db.clear(Secret);
    await clearSigningKeys(api);
    const ada = await Person.new((await serve({ MASTER_KEY: a })).url);
    expect(await ada.at((await serve({ MASTER_KEY: a, MASTER_KEYS_OLD: b })).url).text()).toEqual(messages);
    expect(await ada.at((await serve({ MASTER_KEY: b, MASTER_KEYS_OLD: a })).url).text()).toEqual(messages);
    const withBoth = { ...environment, MASTER_KEY: b, MASTER_KEYS_OLD: a };
    expect(await cli(['keys', 'rotate-master'], withBoth)).toMatchObject({ code: 1, stderr: expect.stringContaining('keys rewrap') });
    await expect(BuiltService.start({ ...environment, MASTER_KEY: b })).rejects.toThrow(/master key \w+, which is not here/);
    expect(await cli(['keys', 'rewrap'], withBoth)).toMatchObject({ code: 0 });
    ada.at((await serve({ MASTER_KEY: b })).url);
    expect(await ada.refresh()).toBe(200);
    expect(await ada.text()).toEqual(messages);
  }, PATIENCE_MS);

  it('leaves values alone that others change while they are wrapped again', async () => {
    const sql = api.app.get(Sql);
    const columns = new WrappedColumns();
    const master = (settings: object): MasterKeys => new MasterKeys(settingsFrom({}, { dataDir: api.settings.dataDir, ...settings }));
    const [former, next] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
    const old = new Keyring(master({ masterKey: former }), randomBytes(32));
    const masters = master({ masterKey: next, masterKeysOld: [former] });
    const rewrapping = new Rewrapping(sql, new Keyring(masters, randomBytes(32)), masters, columns);
    await insertRow(api.db, Secret, { name: 'counter', wrapped: old.wrap('0', 'secret:counter'), createdAt: api.clock.now() });
    let done = false;
    const passes = (async () => {
      while (!done) await rewrapping.pass(() => undefined);
    })();
    try {
      for (let count = 1; count <= 200; count += 1) {
        await api.db.update(Secret, { name: 'counter' }, { wrapped: old.wrap(String(count), 'secret:counter') });
        const { wrapped } = await api.db.findOneByOrFail(Secret, { name: 'counter' });
        expect(new Keyring(masters, randomBytes(32)).unwrap(wrapped, 'secret:counter').toString()).toBe(String(count));
      }
    } finally {
      done = true;
      await passes;
    }
  }, PATIENCE_MS);

  it('of an earlier version derived the key of refresh tokens, which stay valid', async () => {
    const ada = await api.signedIn();
    const { dataDir, databaseUrl } = api.settings;
    await api.db.clear(Secret);
    await clearSigningKeys(api);
    const master = Buffer.from(readFileSync(join(dataDir, 'keys', 'master.key'), 'utf8'), 'base64');
    const former = Buffer.from(hkdfSync('sha256', master, '', 'provost/refresh-token', 32));
    const [, session] = /^pvr_([^_]+)_1_/.exec(ada.refreshToken)!;
    const token = `pvr_${session}_1_${hmac(former, `${session}.1`).toString('base64url')}`;
    await api.anyone.post('/auth/refresh', { refreshToken: token }).expect(401);
    const upgraded = await Api.start({ dataDir, ...(databaseUrl !== undefined && { databaseUrl }) }, api.clock);
    try {
      await upgraded.anyone.post('/auth/refresh', { refreshToken: token }).expect(200);
    } finally {
      await upgraded.app.close();
    }
  }, PATIENCE_MS);

  it('wraps every column that holds wrapped values, and each is registered', async () => {
    const registered = api.app.get(WrappedColumns).list().map(({ table, column }) => `${table}.${column}`);
    expect(registered.sort()).toEqual(WRAPPED);
    const known = new Set(registered);
    const wrapped = [...(await prefixes(api, folder.current()!.id))];
    expect(wrapped.filter((column) => !known.has(column))).toEqual([]);
  });
});

/** Whoever wraps another column adds it here, and to what `Person.new` leaves behind where that can be. */
const WRAPPED = ['data_keys.wrapped', 'idempotency_keys.answer', 'outgoing_mails.sealed', 'secrets.wrapped', 'signing_keys.sealed', 'totp_factors.sealed_secret', 'webhook_endpoints.former_secret', 'webhook_endpoints.sealed_secret'];

/** Somebody with an account, a session and a message log on a built service. */
class Person {
  private constructor(
    private url: string,
    private readonly accessToken: string,
    private readonly refreshToken: string,
  ) {}

  static async new(url: string): Promise<Person> {
    const username = uniqueName();
    await send(url, '/auth/register', { username, email: `${username}@example.org`, password: PASSWORD });
    const { accessToken, refreshToken } = (await send(url, '/auth/login', { login: username, password: PASSWORD })).body as { accessToken: string; refreshToken: string };
    const person = new Person(url, accessToken, refreshToken);
    await person.post('/message-logs', { id: 'kept', model: 'm', messages });
    return person;
  }

  at(url: string): this {
    this.url = url;
    return this;
  }

  async post(path: string, body: object, headers: Record<string, string> = {}): Promise<unknown> {
    return (await send(this.url, path, body, { authorization: `Bearer ${this.accessToken}`, ...headers })).body;
  }

  async refresh(): Promise<number> {
    const { status, body } = await send(this.url, '/auth/refresh', { refreshToken: this.refreshToken });
    Object.assign(this, body as { accessToken: string; refreshToken: string });
    return status;
  }

  async text(): Promise<unknown> {
    const answer = await fetch(`${this.url}/api/v1/message-logs/kept`, { headers: { authorization: `Bearer ${this.accessToken}` } });
    return ((await answer.json()) as { messages: unknown }).messages;
  }
}

async function send(url: string, path: string, body: object, headers: Record<string, string> = {}): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${url}/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.json() };
}

/** Starts the command line, which is killed when it says this. By itself: a busy test would come when it has done its work. */
async function killedAt(words: RegExp, args: string[], environment: NodeJS.ProcessEnv): Promise<string | null> {
  const killing = `const write = process.stderr.write; process.stderr.write = (text, ...rest) => ${words}.test(text) ? process.kill(process.pid, 'SIGKILL') : write.call(process.stderr, text, ...rest);`;
  const child = spawn(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(killing)}`, 'dist/cli/provost.js', ...args], { env: { PATH: process.env.PATH, ...environment }, stdio: 'ignore' });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal;
}

async function manyDataKeys({ app, db, clock }: Api, count: number): Promise<void> {
  const keyring = app.get(Keyring);
  const ids = Array.from({ length: count }, () => newId());
  for (let start = 0; start < count; start += 500) {
    const some = ids.slice(start, start + 500);
    await insertRow(db, Principal, some.map((id) => Object.assign(new Principal(), { id, kind: PrincipalKind.User, createdAt: clock.now() })));
    await insertRow(db, DataKey, some.map((userId) => ({ userId, wrapped: keyring.wrap(randomBytes(32), `data-key:${userId}`), createdAt: clock.now() })));
  }
}

async function strangersDataKey(api: Api): Promise<{ id: string }> {
  const { user } = await api.signedIn();
  await insertRow(api.db, DataKey, { userId: user.id, wrapped: `0123456789ab.${randomBytes(60).toString('base64url')}`, createdAt: api.clock.now() });
  return user;
}

/** As a start with another master key finds it: nothing sealed by the first. */
async function clearSigningKeys({ db }: Api): Promise<void> {
  await db.query('DELETE FROM signing_keys');
}

async function wrappers(api: Api): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const { wrapped } of await api.db.find(DataKey)) counts.set(wrapperOf(wrapped)!, (counts.get(wrapperOf(wrapped)!) ?? 0) + 1);
  return counts;
}

/** Every column of every table, whether registered or not, with a value that this key wraps. */
async function prefixes({ db }: Api, id: string): Promise<Set<string>> {
  const found = new Set<string>();
  for (const { tableName, columns } of db.dataSource.entityMetadatas) {
    for (const { databaseName } of columns) {
      const [row] = await db.query<unknown[]>(`SELECT 1 FROM ${tableName} WHERE ${db.dataSource.driver.escape(databaseName)} LIKE '${id}.%' LIMIT 1`);
      if (row) found.add(`${tableName}.${databaseName}`);
    }
  }
  return found;
}

async function wrappedBy(api: Api, id: string): Promise<string[]> {
  return [...(await prefixes(api, id))].sort();
}

/** The wrapped columns that no use of the service fills by itself while its jobs are off. */
async function mailFactorAndWebhook(api: Api): Promise<void> {
  const { app, db } = api;
  const admin = await api.admin();
  const { body } = await admin.post('/admin/webhooks', { url: 'https://hooks.example/kept', eventTypes: ['webhook.disabled'] }).expect(201);
  await admin.post(`/admin/webhooks/${(body as { id: string }).id}/rotate`, {}).expect(200);
  const [{ id }] = await db.find(Principal, { take: 1 }) as [Principal];
  await db.transaction(async (tx) => {
    await app.get(MailQueue).queue(tx, { to: 'ada@example.org', subject: 'kept', text: 'kept' });
    await app.get(TotpFactors).start(tx, id);
  });
}
