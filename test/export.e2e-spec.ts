import { randomBytes } from 'node:crypto';
import { get } from 'node:http';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fromBuffer } from 'yauzl';
import { ApiKey } from '../src/api-keys/api-key.entity.js';
import { Credential } from '../src/auth/credentials/credential.entity.js';
import { Erasure } from '../src/users/erasure/erasure.js';
import { PersonalData } from '../src/users/personal-data/personal-data.js';
import { SCHEMA } from '../src/schema.js';
import { Api, type Caller, PASSWORD, type SignedInCaller } from './support/api.js';

/** Columns that name a principal. */
const NAMES_PRINCIPAL = /^(principal_id|user_id|owner_id|caller_id|actor_id|target_id|on_behalf_of|granted_by|deleted_by_id)$/;

/** Tables of which the archive has nothing, and why. */
const NOT_EXPORTED: Record<string, string> = {
  data_keys: 'a secret',
  deleted_users: 'who is deleted cannot ask',
  support_staff: 'staff are no users',
  user_imports: 'actors are admins, who are no users',
  idempotency_keys: 'answers that were given to the user before, kept for a day',
  webhook_events: 'what the other files tell, on its way to other applications; kept for a month',
  mfa_challenges: 'sign-ins of the last minutes that wait for a code; how they ended is among the attempts',
};

/** Tables from which nothing is erased by registration, and why. */
const NOT_ERASED: Record<string, string> = {
  users: 'the row lies in deleted_users by then',
  deleted_users: 'goes with the principal, by foreign key',
  support_staff: 'staff are no users',
  user_imports: 'actors are admins, who are no users',
};

const MB = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes that are in use, garbage apart. */
function kept(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

type Archive = Map<string, string>;

const recordsOf = (archive: Archive, path: string): Record<string, unknown>[] => {
  const content = archive.get(path)!;
  return path.endsWith('.ndjson') ? content.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>) : (JSON.parse(content) as Record<string, unknown>[]);
};

function unzip(buffer: Buffer): Promise<Archive> {
  return new Promise((resolve, reject) => {
    fromBuffer(buffer, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      const files: Archive = new Map();
      zip.on('entry', (entry: { fileName: string }) => {
        zip.openReadStream(entry as never, (failed: Error | null, stream: Readable) => {
          if (failed) return reject(failed);
          void text(stream).then((content) => {
            files.set(entry.fileName, content);
            zip.readEntry();
          }, reject);
        });
      });
      zip.on('end', () => resolve(files));
      zip.on('error', reject);
      zip.readEntry();
    });
  });
}

describe('the archive of what is held about a user', () => {
  let api: Api;
  let admin: Caller;
  beforeAll(async () => {
    api = await Api.start();
    admin = await api.admin();
  });
  afterAll(() => api.close());

  const download = (user: Caller) => fetch(`${api.url}/api/v1/users/me/export`, { headers: { authorization: `Bearer ${user.credential}` } });
  const archive = async (user: Caller): Promise<Archive> => unzip(Buffer.from(await (await download(user)).arrayBuffer()));
  const log = (id: string, content: string) => ({ id, model: 'm', conversationId: 'c', messages: [{ role: 'user', content }] });

  /** A user with something in every corner. */
  const lively = async (): Promise<SignedInCaller> => {
    const user = await api.signedIn();
    const key = await api.withKey(user, { name: 'my notebook' });
    await user.patch('/users/me', { name: 'Ada Lovelace' }).expect(200);
    await user.put('/users/me/preferences', { custom: { colour: 'mauve' } }).expect(200);
    await key.post('/usage/consume', { conversations: 2 }).expect(200);
    await key.post('/usage/reservations', { conversations: 1, ttlSeconds: 60 }).expect(201);
    await key.post('/message-logs', log('mine', `said by ${user.user.username}`)).expect(202);
    return user;
  };

  it('is a ZIP of files that all parse, with a README that names each', async () => {
    const user = await lively();
    const response = await download(user);
    expect(response.headers.get('content-type')).toBe('application/zip');
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="provost-export-\d{4}-\d\d-\d\d\.zip"$/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const files = await unzip(Buffer.from(await response.arrayBuffer()));
    const paths = api.app.get(PersonalData).files.map(({ path }) => path);
    expect([...files.keys()].sort()).toEqual(['README.txt', ...paths].sort());
    for (const path of paths) {
      expect(files.get('README.txt')).toContain(path);
      expect(Array.isArray(recordsOf(files, path))).toBe(true);
    }
  });

  it('holds what the user did and was', async () => {
    const user = await lively();
    const files = await archive(user);
    expect(recordsOf(files, 'profile.json')).toMatchObject([{ id: user.user.id, email: user.user.email, name: 'Ada Lovelace' }]);
    expect(recordsOf(files, 'preferences.json')).toMatchObject([{ custom: { colour: 'mauve' } }]);
    expect(recordsOf(files, 'api-keys.json')).toMatchObject([{ name: 'my notebook' }]);
    expect(recordsOf(files, 'sign-in/sessions.json')).toMatchObject([{ endedAt: null }]);
    expect(recordsOf(files, 'sign-in/attempts.ndjson')).toMatchObject([{ ok: true, reason: 'signed-in' }]);
    expect(recordsOf(files, 'usage/account.json')).toMatchObject([{ used: 3 }]);
    expect(recordsOf(files, 'usage/reservations.json')).toMatchObject([{ status: 'held' }]);
    expect(recordsOf(files, 'message-logs.ndjson')).toMatchObject([{ id: 'mine', messages: [{ content: `said by ${user.user.username}` }] }]);
    expect(recordsOf(files, 'audit-events.ndjson').map(({ action }) => action)).toEqual(expect.arrayContaining(['users.register', 'users.update-profile', 'api-keys.create']));
    expect(recordsOf(files, 'notices.json').length).toBeGreaterThan(0);
  });

  it('holds no secret: no password, no hash, no key, no token', async () => {
    const user = await lively();
    const all = [...(await archive(user)).values()].join('\n');
    const { passwordHash } = await api.db.findOneByOrFail(Credential, { principalId: user.user.id });
    const keys = await api.db.findBy(ApiKey, { ownerId: user.user.id });
    for (const secret of [PASSWORD, passwordHash, user.accessToken, user.refreshToken, ...keys.map(({ hash }) => hash)]) expect(all).not.toContain(secret);
    expect(all).not.toMatch(/\$argon2|"hash"|sealed|wrapped|secret"/);
  });

  it('holds nothing of another user', async () => {
    const [ada, bob] = [await lively(), await lively()];
    const all = [...(await archive(ada)).values()].join('\n');
    for (const foreign of [bob.user.id, bob.user.username, bob.user.email]) expect(all).not.toContain(foreign);
  });

  it('says nothing of which admin acted, nor from where', async () => {
    const user = await lively();
    await admin.post(`/admin/users/${user.user.id}/unban`, { reason: 'for the test' }).expect(200);
    const [event] = recordsOf(await archive(user), 'audit-events.ndjson').filter(({ action }) => action === 'users.unban');
    expect(event).toMatchObject({ by: 'admin', reason: 'for the test' });
    expect(event).not.toHaveProperty('ip');
    expect(JSON.stringify(event)).not.toContain((admin as SignedInCaller).user.id);
  });

  it('is for whoever signed in: not for keys, not for strangers, not after deletion', async () => {
    const user = await lively();
    const key = await api.withKey(user);
    await key.get('/users/me/export').expect(403);
    await api.anyone.get('/users/me/export').expect(401);
    await admin.get('/users/me/export').expect(401);
    await user.delete('/users/me', { password: PASSWORD }).expect(200);
    await user.get('/users/me/export').expect(401);
  });

  it('of 20,000 message logs is complete and takes little memory', async () => {
    const user = await api.signedIn();
    const key = await api.withKey(user);
    for (let start = 0; start < 20_000; start += 500) {
      await key.post('/message-logs', { items: Array.from({ length: 500 }, (_, index) => log(`log-${start + index}`, randomBytes(750).toString('base64'))) }).expect(202);
    }
    const before = { resident: process.memoryUsage().rss, kept: kept() };
    const peak = { ...before };
    const chunks: Buffer[] = [];
    let received = 0;
    const response = await download(user);
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      chunks.push(Buffer.from(chunk));
      received += chunk.length;
      peak.resident = Math.max(peak.resident, process.memoryUsage().rss);
      if (chunks.length % 20 === 0) peak.kept = Math.max(peak.kept, kept() - received);
    }
    const growth = { resident: (peak.resident - before.resident) / MB, kept: (peak.kept - before.kept) / MB };
    process.stderr.write(`export of 20,000 logs, ${(received / MB).toFixed(0)} MB: ${growth.kept.toFixed(1)} MB more in use at the most (the process ${growth.resident.toFixed(1)} MB larger)\n`);
    const records = recordsOf(await unzip(Buffer.concat(chunks)), 'message-logs.ndjson');
    expect(new Set(records.map(({ id }) => id)).size).toBe(20_000);
    expect(records).toHaveLength(20_000);
    expect(Math.max(growth.kept, growth.resident)).toBeLessThan(60);
  }, 180_000);

  it('stops being made when the client goes', async () => {
    const user = await api.signedIn();
    const reading = { rows: 0, ended: false };
    const { files } = api.app.get(PersonalData);
    files.unshift({
      path: 'endless.ndjson', about: 'of this test', tables: [],
      async *rows() {
        try {
          for (;;) yield { number: (reading.rows += 1), filler: Math.random().toString(36).repeat(50) };
        } finally {
          reading.ended = true;
        }
      },
    });
    try {
      await new Promise<void>((resolve, reject) => {
        const request = get(`${api.url}/api/v1/users/me/export`, { headers: { authorization: `Bearer ${user.credential}` } }, (response) => {
          response.once('data', () => {
            request.destroy();
            resolve();
          });
        }).on('error', reject);
      });
      while (!reading.ended) await new Promise((resolve) => setImmediate(resolve));
    } finally {
      files.shift();
    }
  });
});

describe('no table is forgotten', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.start();
  });
  afterAll(() => api.close());

  const personalTables = (): string[] => {
    const metadata = SCHEMA.entities.map((entity) => api.db.dataSource.getMetadata(entity));
    const own = metadata.filter(({ columns, foreignKeys }) => columns.some(({ databaseName }) => NAMES_PRINCIPAL.test(databaseName)) || foreignKeys.some(({ referencedEntityMetadata }) => referencedEntityMetadata.tableName === 'principals'));
    return own.map(({ tableName }) => tableName).filter((name) => name !== 'admins');
  };

  it('by the export: each with a principal’s id is in the archive, or named here with a reason', () => {
    const exported = api.app.get(PersonalData).files.flatMap(({ tables }) => tables);
    expect(personalTables().filter((name) => !exported.includes(name) && !NOT_EXPORTED[name])).toEqual([]);
    expect(Object.keys(NOT_EXPORTED).filter((name) => exported.includes(name))).toEqual([]);
  });

  it('by the erasure: each with a principal’s id is registered, or named here with a reason', () => {
    const erased = api.app.get(Erasure).tables;
    expect(personalTables().filter((name) => !erased.includes(name) && !NOT_ERASED[name])).toEqual([]);
  });
});
