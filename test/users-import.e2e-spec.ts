import { jest } from '@jest/globals';
import { get, request as httpRequest } from 'node:http';
import type { Test } from 'supertest';
import { Permission } from '../src/access/permission.js';
import { AdminsService } from '../src/admin/admins.service.js';
import { ChunkWriter } from '../src/admin/transfer/chunk-writer.js';
import { UserImport } from '../src/admin/transfer/user-import.entity.js';
import { AuditEvent } from '../src/audit/audit-event.entity.js';
import { SYSTEM } from '../src/audit/audit.service.js';
import { Plan } from '../src/usage/plan.entity.js';
import { UsageAccount } from '../src/usage/usage-account.entity.js';
import { DeletedUser } from '../src/users/deleted-user.entity.js';
import { Principal } from '../src/users/principal.entity.js';
import type { UserRecord } from '../src/users/user-record.js';
import { User } from '../src/users/user.entity.js';
import { UsersService } from '../src/users/users.service.js';
import { Api, PASSWORD, type SignedInCaller, uniqueName } from './support/api.js';

/** Of the word "secret", by another system. */
const BCRYPT = '$2b$04$Jjcqu.V5UyDX87pgMonwquqc.snTXVM/4C2tpFqRIJ6ONWKJUs/Je';

interface Summary {
  id: string;
  rows: number;
  created: number;
  skipped: number;
  failed: number;
  errors: { line: number; pointer: string; code: string; detail: string }[];
  errorsTruncated: boolean;
}

describe('a file of users', () => {
  let api: Api;
  let admin: SignedInCaller;
  beforeAll(async () => {
    api = await Api.start();
    admin = await api.admin();
  });
  afterAll(() => api.close());

  const send = (text: string | Buffer, { type = 'text/csv', query = '', key = '' } = {}): Test => {
    const test = admin.post(`/admin/users/import${query}`).set('content-type', type);
    if (key) void test.set('idempotency-key', key);
    return test.send(text);
  };
  const imported = async (text: string | Buffer, options = {}): Promise<Summary> => (await send(text, options).expect(200)).body as Summary;
  const csv = (...lines: string[]): string => lines.map((line) => `${line}\n`).join('');
  const names = (count: number): string[] => {
    const prefix = uniqueName('i');
    return Array.from({ length: count }, (_, at) => `${prefix}-${at}`);
  };
  const rowsOf = (usernames: readonly string[]): string => csv('email,username', ...usernames.map((name) => `${name}@example.org,${name}`));
  const made = (usernames: readonly string[]): Promise<number> => api.db.createQueryBuilder(User, 'user').where('user.username IN (:...usernames)', { usernames }).getCount();

  it('makes users with all that other systems know of them, who sign in as before', async () => {
    const [one, two, three] = names(3) as [string, string, string];
    const text = csv(
      'username,email,name,password,passwordHash,emailVerified,status,banReason,plan,credits,timeZone,language,createdAt',
      `${one},${one}@example.org, Ada ,,${BCRYPT},true,,,free,25,Europe/Berlin,de,2019-05-06T07:08:09Z`,
      `${two},${two}@example.org,"Lovelace, ""A.""",${PASSWORD},,false,active,,,,,,`,
      `${three},${three}@example.org,,,,,banned,spam,,,,,`,
    );
    const summary = await imported(`\ufeff${text.replaceAll('\n', '\r\n')}`);
    expect(summary).toMatchObject({ dryRun: false, rows: 3, created: 3, skipped: 0, failed: 0, errors: [], errorsTruncated: false });
    const user = await api.db.findOneByOrFail(User, { username: one });
    expect(user).toMatchObject({ name: 'Ada', timeZone: 'Europe/Berlin', preferences: { language: 'de' }, createdAt: new Date('2019-05-06T07:08:09Z'), emailVerifiedAt: api.clock.now(), version: 1 });
    expect(await api.db.findOneByOrFail(UsageAccount, { userId: user.id })).toMatchObject({ balance: 25, planBalance: 0 });
    expect(await api.db.findOneByOrFail(User, { username: two })).toMatchObject({ name: 'Lovelace, "A."', emailVerifiedAt: null });
    expect(await api.db.findOneByOrFail(User, { username: three })).toMatchObject({ status: 'banned', banReason: 'spam' });
    await api.anyone.post('/auth/login', { login: one, password: 'secret' }).expect(200);
    await api.anyone.post('/auth/login', { login: two, password: PASSWORD }).expect(200);
    const { after } = await api.db.findOneByOrFail(AuditEvent, { action: 'users.import', targetId: summary.id });
    expect(after).toMatchObject({ lines: [2, 4], failed: 0, created: expect.arrayContaining([user.id]) });
    expect(await api.db.existsBy(AuditEvent, { action: 'users.import-done', targetId: summary.id })).toBe(true);
  });

  it('whose plan another process removes while rows are written refuses those rows, and makes the others', async () => {
    const [one, two] = names(2) as [string, string];
    const { body: plan } = await admin.post('/admin/plans', { name: uniqueName('plan') }).expect(201);
    const writer = api.app.get(ChunkWriter);
    const write = writer.write.bind(writer);
    const writing = jest.spyOn(writer, 'write').mockImplementationOnce(async (...given) => {
      await api.db.delete(Plan, { id: plan.id });
      return write(...given);
    });
    const summary = await imported(csv('email,username,plan', `${one}@example.org,${one},${plan.name}`, `${two}@example.org,${two},`));
    writing.mockRestore();
    expect(summary).toMatchObject({ rows: 2, created: 1, failed: 1, errors: [{ line: 2, pointer: '/plan', code: 'unknown-plan' }] });
    expect(await made([one, two])).toBe(1);
  });

  it('as NDJSON makes the same, and what became of each row is told line by line', async () => {
    const [one, two] = names(2) as [string, string];
    const text = csv(JSON.stringify({ email: `${one}@example.org`, username: one, name: null, emailVerified: true, credits: 3 }), '', '{"email": "x"}', 'no json', JSON.stringify({ email: `${two}@example.org`, username: two, admin: true }));
    const { text: answer } = await send(text, { type: 'application/x-ndjson' }).set('accept', 'application/x-ndjson').buffer(true).expect(200);
    const lines = answer.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ line, status }) => [line, status])).toEqual([[1, 'created'], [3, 'failed'], [4, 'failed'], [5, 'failed'], [undefined, undefined]]);
    expect(lines[0]).toEqual({ line: 1, status: 'created', id: (await api.db.findOneByOrFail(User, { username: one })).id });
    expect(lines[2]).toMatchObject({ errors: [{ line: 4, pointer: '', code: 'json' }] });
    expect(lines[3]).toMatchObject({ errors: [{ code: 'unknown-field', detail: 'There is no field "admin" here.' }] });
    expect(lines[4]).toMatchObject({ summary: { rows: 4, created: 1, failed: 3 } });
  });

  it('fails row by row: what is wrong with one keeps no other from being made', async () => {
    const [good, twin, banned, deleted, last] = names(5) as [string, string, string, string, string];
    const gone = await api.signedIn();
    await gone.delete('/users/me', { password: PASSWORD });
    expect(await api.db.existsBy(DeletedUser, { id: gone.user.id })).toBe(true);
    const line = (name: string, rest = ',,,,'): string => `${name}@example.org,${name}${rest}`;
    const bytes = Buffer.concat([
      Buffer.from(csv(
        'email,username,passwordHash,password,plan,status,bannedUntil',
        line(good, ',,,,,'),
        line(twin, ',$1$old$hash,,,,'),
        line(twin, ',,password,,,'),
        line(twin, ',,,gold,,'),
        `${good.toUpperCase()}@example.org,${twin},,,,,`,
        line(gone.user.username, ',,,,,'),
        `no address,${deleted},,,,,`,
        line(banned, ',,,,,2030-01-01'),
        line('x', ',,,,,'),
        'one,cell',
      )),
      Buffer.from(`${line(deleted, ',,,,,')}\n`).fill(0xff, 0, 3),
      Buffer.from(`${line(`a\0b${deleted}`, ',,,,,')}\n${line(last, ',,,,,')}`),
    ]);
    const { rows, created, failed, errors } = await imported(bytes);
    expect({ rows, created, failed }).toEqual({ rows: 13, created: 2, failed: 11 });
    expect(errors.map(({ line: at, pointer, code }) => [at, pointer, code])).toEqual([
      [3, '/passwordHash', 'unknown-hash'],
      [4, '/password', 'too-short'],
      [5, '/plan', 'unknown-plan'],
      [6, '/email', 'taken'],
      [7, '/username', 'taken'],
      [8, '/email', 'isEmail'],
      [9, '/status', 'banned'],
      [10, '/username', 'matches'],
      [11, '', 'columns'],
      [12, '', 'encoding'],
      [13, '', 'encoding'],
    ]);
    expect(await made([good, last])).toBe(2);
  });

  it.each([
    ['an empty file', '', /is empty/],
    ['no header', 'ada@example.org,ada\n', /names no column/],
    ['an unknown column', 'email,username,shoeSize\n', /no columns "shoeSize"/],
    ['a column that is missing', 'email,name\n', /does not name username/],
    ['a column twice', 'email,email,username\n', /twice/],
    ['a quote that is not closed', 'email,username\n"a@example.org,ada\nb@example.org,bob\n', /begins in line 2 .*quote in it is not closed/],
    ['a line without an end', `email,username\na@example.org,${'a'.repeat(100_000)}`, /begins in line 2 .*longer than/],
    ['a million columns', `email,username${',a'.repeat(1_000_000)}\n`, /line 1 .*longer than/],
    ['many columns', `email,username${',a'.repeat(10_000)}\n`, /and 9995 more/],
    ['something behind a quote', 'email,username\n"a"b,ada\n', /line 2 .*behind a closing quote/],
    ['UTF-16', Buffer.from('email,username\n', 'utf16le'), /not UTF-8/],
  ])('is refused as a whole and at once for %s', async (_, text, sentence) => {
    // Of the processor: a machine that runs other programs meanwhile says nothing about the reading.
    const started = process.cpuUsage();
    const { body } = await send(text).expect(400);
    expect(body).toMatchObject({ code: 'imports.unreadable-file', detail: expect.stringMatching(sentence), line: expect.any(Number) });
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(5000);
  });

  it('says up to where it was dealt with when a later line cannot be read, and goes on once that is mended', async () => {
    const [one, two] = names(2) as [string, string];
    const { body } = await send(`${rowsOf([one])}"${two}`, { key: one }).expect(400);
    expect(body).toMatchObject({ line: 3, import: { rows: 1, created: 1 } });
    expect(await imported(rowsOf([one, two]), { key: one })).toMatchObject({ id: body.import.id, rows: 2, created: 2, skipped: 1 });
  });

  it('is taken as a file alone, of a bounded size, and from those alone who may write users', async () => {
    await admin.post('/admin/users/import', { email: 'a@example.org' }).expect(415);
    await send('x', { type: 'text/plain' }).expect(415);
    await admin.post('/admin/users').set('content-type', 'text/csv').send('email').expect(415);
    await api.anyone.post('/admin/users/import').set('content-type', 'text/csv').send('email').expect(401);
    const most = api.settings.importMaxBytes;
    api.settings.importMaxBytes = 1024;
    try {
      const { body } = await send(rowsOf(names(100))).expect(413);
      expect(body).toMatchObject({ code: 'imports.too-large' });
    } finally {
      api.settings.importMaxBytes = most;
    }
  });

  it('of a dry run tells the same and writes nothing', async () => {
    const usernames = names(600);
    const before = [await api.db.count(User), await api.db.count(Principal), await api.db.count(AuditEvent), await api.db.count(UserImport)];
    const text = `${rowsOf(usernames)}${usernames[0]}@example.org,another\nx,y\n`;
    expect(await imported(text, { query: '?dryRun=true', key: usernames[0] })).toMatchObject({ id: null, dryRun: true, rows: 602, created: 600, failed: 2, errors: [{ line: 602, code: 'taken' }, { line: 603 }, { line: 603 }] });
    expect([await api.db.count(User), await api.db.count(Principal), await api.db.count(AuditEvent), await api.db.count(UserImport)]).toEqual(before);
    expect(await imported(text, { key: usernames[0] })).toMatchObject({ rows: 602, created: 600, skipped: 0, failed: 2 });
  });

  it('tells the first thousand errors and that there are more', async () => {
    const { failed, errors, errorsTruncated } = await imported(csv('email,username', ...Array.from({ length: 1100 }, () => 'a@example.org,')));
    expect({ failed, told: errors.length, errorsTruncated }).toEqual({ failed: 1100, told: 1000, errorsTruncated: true });
  });

  it('cut off goes on under its key: in the end every row is there once', async () => {
    const usernames = names(2000);
    const text = rowsOf(usernames);
    await new Promise<void>((resolve) => {
      const headers = { authorization: `Bearer ${admin.credential}`, 'content-type': 'text/csv', 'idempotency-key': usernames[0]!, 'content-length': Buffer.byteLength(text) };
      const request = httpRequest(`${api.url}/api/v1/admin/users/import`, { method: 'POST', headers }).on('error', () => resolve());
      request.write(text.slice(0, text.length * 0.6));
      void until(async () => (await made(usernames)) > 0).then(() => request.destroy());
    });
    const before = await made(usernames);
    expect(before).toBeLessThan(2000);
    // The last chunk of the request that was cut off may still be on its way into the database.
    await until(async () => (await send(text, { key: usernames[0] })).body.code !== 'imports.goes-on');
    const summary = await imported(text, { key: usernames[0] });
    expect(summary).toMatchObject({ rows: 2000, created: 2000, failed: 0 });
    expect(await made(usernames)).toBe(2000);
    expect(summary.skipped).toBe(2000);
    expect(await api.db.countBy(UserImport, { idempotencyKey: usernames[0]! })).toBe(1);
  });

  it('is another file than the one that the key belongs to: refused, and nothing of it is made', async () => {
    const usernames = names(4);
    await imported(rowsOf(usernames.slice(0, 2)), { key: usernames[0] });
    for (const other of [[usernames[0]!, usernames[2]!], usernames.slice(0, 1), usernames.slice(0, 3)]) {
      const { body } = await send(rowsOf(other), { key: usernames[0] }).expect(409);
      expect(body.code).toBe('imports.other-file');
    }
    expect(await made(usernames)).toBe(2);
  });

  it('sent twenty times at once under one key makes every row once', async () => {
    const usernames = names(30);
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(rowsOf(usernames), { key: usernames[0] })));
    for (const { status, body } of answers) expect([200, 409]).toContain(status === 200 ? 200 : body.code === 'imports.goes-on' ? 409 : body);
    expect(answers.some(({ status }) => status === 200)).toBe(true);
    expect(await made(usernames)).toBe(30);
    expect((await api.db.findOneByOrFail(UserImport, { idempotencyKey: usernames[0]! })).created).toBe(30);
  });

  it('yields names to those who register meanwhile', async () => {
    const usernames = names(20);
    const [imports, registrations] = await Promise.all([
      imported(rowsOf(usernames)),
      Promise.all(usernames.map((username) => api.anyone.post('/auth/register', { username, email: `${username}@example.org`, password: PASSWORD }))),
    ]);
    expect(imports.created + registrations.filter(({ status }) => status === 201).length).toBe(20);
    expect(await made(usernames)).toBe(20);
  });

  it('of an export comes back exactly in another installation: no formula for a spreadsheet, no secret', async () => {
    const [one, two, three] = names(3) as [string, string, string];
    const prefix = one.slice(0, -2);
    await admin.post('/admin/users', { email: `=cmd@${one}.example.org`, username: one, name: "=HYPERLINK(\"x\")", password: PASSWORD }).expect(201);
    await admin.post('/admin/users', { email: `${two}@example.org`, username: two, name: "'=1, \"2\"", passwordHash: BCRYPT, status: 'banned' }).expect(201);
    await imported(csv('email,username,name,plan,credits,timeZone,language,emailVerified,createdAt', `${three}@example.org,${three},Zoë,free,7,Asia/Tokyo,ja,1,2001-02-03`));
    const { text, headers } = await admin.get(`/admin/users/export?username_like=${prefix}&sort=username`).expect(200);
    expect(headers).toMatchObject({ 'content-type': 'text/csv; charset=utf-8', 'content-disposition': expect.stringContaining('.csv"') });
    expect(text).toContain(`"'=HYPERLINK(""x"")"`);
    expect(text).not.toMatch(/\$2b\$|argon2/);
    const other = await Api.start();
    try {
      const there = await other.admin();
      const { body } = await there.post('/admin/users/import').set('content-type', 'text/csv').send(text).expect(200);
      expect(body).toMatchObject({ created: 3, failed: 0 });
      const here = await users(admin, `username_like=${prefix}&sort=username`);
      expect(here).toMatchObject([{ email: `=cmd@${one}.example.org`, name: '=HYPERLINK("x")' }, { name: "'=1, \"2\"", status: 'banned' }, { plan: 'free', credits: 7, timeZone: 'Asia/Tokyo', language: 'ja', emailVerified: true }]);
      expect(await users(there, 'sort=username')).toEqual(here);
    } finally {
      await other.close();
    }
  });

  it('is exported with the filters of the list, in NDJSON too, by those who may, and the audit tells', async () => {
    const user = await api.signedIn();
    const { text, headers } = await admin.get(`/admin/users/export?format=ndjson&username=${user.user.username}`).expect(200);
    expect(headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    expect(text.trim().split('\n').map((line) => JSON.parse(line) as object)).toMatchObject([{ id: user.user.id, email: user.user.email }]);
    expect(await api.db.findOneOrFail(AuditEvent, { where: { action: 'users.export', actorId: admin.user.id }, order: { id: 'DESC' } })).toMatchObject({ after: { format: 'ndjson', filters: [{ field: 'username' }] } });
    await admin.get('/admin/users/export?format=xls').expect(400);
    await admin.get('/admin/users/export?shoeSize=3').expect(400);
    const permitted = uniqueName('admin');
    const { password } = await api.app.get(AdminsService).make(SYSTEM, { username: permitted, permissions: [Permission.UsersRead] }, (_, given) => ({ password: given }));
    const { body } = await api.anyone.post('/admin/auth/login', { username: permitted, password }).expect(200);
    await api.with(body.accessToken as string).post('/admin/auth/password/change', { currentPassword: password, newPassword: PASSWORD }).expect(200).then(({ body: signedIn }) => api.with(signedIn.accessToken as string).get('/admin/users/export').expect(403));
  });

  it('begins before anybody is read, and is not read on when the client goes', async () => {
    const service = api.app.get(UsersService);
    const records = service.records.bind(service);
    const page = (await records({ resource: 'users', offset: 0, limit: 1, filters: [], native: true }).next()).value as UserRecord[];
    const reading = { pages: 0, ended: false };
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    service.records = async function* () {
      await begun;
      try {
        for (;; reading.pages += 1) yield page;
      } finally {
        reading.ended = true;
      }
    };
    try {
      await new Promise<void>((resolve, reject) => {
        const request = get(`${api.url}/api/v1/admin/users/export`, { headers: { authorization: `Bearer ${admin.credential}` } }, (response) => {
          response.once('data', (header: Buffer) => {
            expect(header.toString()).toMatch(/^id,email,username,.*\r\n$/);
            begin();
            response.once('data', () => {
              request.destroy();
              resolve();
            });
          });
        }).on('error', reject);
      });
      await until(() => reading.ended);
    } finally {
      service.records = records;
    }
  });

  async function users(caller: SignedInCaller, query: string): Promise<object[]> {
    const { text } = await caller.get(`/admin/users/export?format=ndjson&${query}`).expect(200);
    return text.trim().split('\n').map((line) => ({ ...(JSON.parse(line) as object), id: undefined }));
  }
});

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}
