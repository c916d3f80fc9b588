import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Response } from 'supertest';
import { AuditChain, LANES } from '../src/audit/audit-chain.js';
import { AuditCheckpoints } from '../src/audit/audit-checkpoints.js';
import { AuditEvent } from '../src/audit/audit-event.entity.js';
import { type AuditReport, AuditVerification } from '../src/audit/audit-verification.js';
import { AuditService, SYSTEM } from '../src/audit/audit.service.js';
import { type EndLine, endStatement, type EventLine } from '../src/audit/export/export-lines.js';
import { type ExportProof, verifyExport } from '../src/audit/export/export-verification.js';
import { AccountRemoval } from '../src/auth/account/account-removal.js';
import { Api, type SignedInCaller } from './support/api.js';
import { cli } from './support/built.js';

interface Verification {
  ok: boolean;
  complete: boolean;
  rows: number;
  firstBad: object | null;
  faults: object[];
  cursor: string | null;
}

const TABLES = ['audit_events', 'audit_lanes', 'audit_checkpoints'];

describe('the audit trail', () => {
  let api: Api;

  let asWritten: [table: string, rows: Record<string, unknown>[]][];

  beforeAll(async () => {
    api = await Api.start();
    // Each user leaves a row, and one more by a change of the profile: some hundred over all lanes.
    for (let i = 0; i < 4; i += 1) {
      const user = await api.signedIn();
      await Promise.all(Array.from({ length: 12 }, (_, n) => user.patch('/users/me', { name: `Name ${n}` }).expect(200)));
    }
    asWritten = await Promise.all(TABLES.map(async (table) => [table, await api.db.query(`SELECT * FROM ${table}`)] as (typeof asWritten)[0]));
  });

  /** Every test finds the trail as it was written. */
  afterEach(async () => {
    rmSync(join(api.settings.dataDir, 'audit-checkpoints.ndjson'), { force: true });
    for (const [table, rows] of asWritten) {
      await api.db.query(`DELETE FROM ${table}`);
      const places = rows.map((row) => `(${Object.keys(row).map(() => '?').join(', ')})`).join(', ');
      if (rows.length > 0) await api.db.query(`INSERT INTO ${table} VALUES ${places}`, rows.flatMap((row) => Object.values(row)));
    }
  });

  afterAll(() => api.close());

  const verify = (): Promise<AuditReport> => api.app.get(AuditVerification).verify();
  const checkpoint = () => api.app.get(AuditCheckpoints).take();
  const sql = (statement: string, values: unknown[] = []): Promise<unknown> => api.db.query(statement, values as never[]);
  const rows = (): Promise<AuditEvent[]> => api.db.find(AuditEvent, { order: { id: 'ASC' } });
  /** The last row of the longest lane, and the row before it. */
  async function tail(): Promise<[before: AuditEvent, last: AuditEvent]> {
    const all = (await rows()).sort((a, b) => a.seq! - b.seq!);
    const last = all.at(-1)!;
    return [all.find(({ lane, seq }) => lane === last.lane && seq === last.seq! - 1)!, last];
  }

  it('proves itself, however many changes were made at once', async () => {
    expect(await verify()).toEqual({ ok: true, rows: (await rows()).length, lanes: 64, checkpoints: 0, firstFault: null, faults: [], next: null });
    expect(new Set((await rows()).map(({ lane }) => lane)).size).toBeGreaterThan(5);
    await checkpoint();
    expect(await verify()).toMatchObject({ ok: true, checkpoints: 1 });
  });

  it.each([
    ['reason', "UPDATE audit_events SET reason = 'nothing to see' WHERE id = ?"],
    ['actor', "UPDATE audit_events SET actor_id = NULL WHERE id = ?"],
    ['time', "UPDATE audit_events SET at = '2020-01-01 00:00:00.000' WHERE id = ?"],
    ['change', "UPDATE audit_events SET `after` = '{}' WHERE id = ?"],
  ])('names a row whose %s was edited', async (_, statement) => {
    const victim = (await rows())[17]!;
    await sql(statement, [victim.id]);
    const { ok, firstFault, faults } = await verify();
    expect(ok).toBe(false);
    expect(firstFault).toMatchObject({ kind: 'edited', id: victim.id, lane: victim.lane, seq: victim.seq });
    expect(faults).toHaveLength(1);
  });

  it('names the place of a row that was removed, and the row that follows', async () => {
    const [before, last] = await tail();
    await sql('DELETE FROM audit_events WHERE id = ?', [before.id]);
    expect((await verify()).faults).toEqual([expect.objectContaining({ kind: 'removed', id: last.id, lane: last.lane, seq: before.seq })]);
  });

  it.each([
    ['two rows that follow each other', (all: AuditEvent[]) => [all.find(({ seq, lane }) => seq === 1 && all.some((other) => other.lane === lane && other.seq === 2))!, 1] as const],
    ['rows of two lanes', (all: AuditEvent[]) => [all.find(({ seq, lane }) => seq === 1 && all.some((other) => other.lane === lane && other.seq === 2))!, undefined] as const],
  ])('names both of %s that were exchanged, and no other', async (_, choose) => {
    const all = await rows();
    const [one, distance] = choose(all);
    const two = all.find(({ lane, seq }) => (distance ? lane === one.lane && seq === one.seq! + distance : lane !== one.lane))!;
    const put = (id: string, lane: number, seq: number) => sql('UPDATE audit_events SET lane = ?, seq = ? WHERE id = ?', [lane, seq, id]);
    await put(one.id, 99, 1);
    await put(two.id, one.lane!, one.seq!);
    await put(one.id, two.lane!, two.seq!);
    const { faults } = await verify();
    expect(faults.map(({ kind, id }) => `${kind} ${id}`).sort()).toEqual([one, two].map(({ id }) => `reordered ${id}`).sort());
  });

  it('notices a lane whose noted end was changed or removed', async () => {
    const [, last] = await tail();
    await sql("UPDATE audit_lanes SET hash = 'AAAA' WHERE lane = ?", [last.lane]);
    expect((await verify()).faults).toEqual([expect.objectContaining({ kind: 'head', lane: last.lane, seq: last.seq })]);
    await sql('DELETE FROM audit_lanes WHERE lane = ?', [last.lane]);
    expect((await verify()).firstFault).toMatchObject({ kind: 'head', lane: last.lane });
  });

  describe('verified over the API', () => {
    let admin: SignedInCaller;
    beforeAll(async () => {
      admin = await api.admin();
    });
    const over = async (query: string): Promise<Verification> => (await admin.get(`/admin/audit-events/verify?${query}`).expect(200)).body as Verification;

    it('names the first bad row, and the rows that are gone', async () => {
      const [before, last] = await tail();
      await checkpoint();
      await sql("UPDATE audit_events SET reason = 'x' WHERE id = ?", [before.id]);
      await sql('DELETE FROM audit_events WHERE id = ?', [last.id]);
      const { ok, complete, firstBad, faults } = await over('');
      expect({ ok, complete }).toEqual({ ok: false, complete: true });
      expect(firstBad).toMatchObject({ kind: 'edited', id: before.id, lane: before.lane, position: before.seq });
      expect(faults).toMatchObject([{ kind: 'edited' }, { kind: 'cut-off', lane: last.lane, position: last.seq }]);
    });

    it('goes on where it stopped, and remembers the first fault to the end', async () => {
      await checkpoint();
      // The last answer, which walks the last lane, must have its fault from an earlier one.
      const victim = (await rows()).find(({ lane }) => lane! < LANES - 1)!;
      await sql("UPDATE audit_events SET reason = 'x' WHERE id = ?", [victim.id]);
      let answer = await over('seconds=0');
      let requests = 1;
      for (; !answer.complete; requests += 1) answer = await over(`seconds=0&cursor=${answer.cursor!}`);
      expect(requests).toBeGreaterThan(64);
      expect(answer).toMatchObject({ ok: false, rows: (await rows()).length - 1, lanes: 64, checkpoints: 1, firstBad: { id: victim.id }, faults: [] });
      expect(await rows()).toContainEqual(expect.objectContaining({ action: 'audit.verify', actorId: admin.user.id, after: expect.objectContaining({ ok: false }) }));
      await admin.get(`/admin/audit-events/verify?cursor=${Buffer.from('{"since":0,"number":0,"lane":64,"seq":0}').toString('base64url')}.AAAA`).expect(400);
    });

    it('begins at a checkpoint where it is asked to', async () => {
      const first = await checkpoint();
      const old = (await rows())[3]!;
      const user = await api.signedIn();
      await sql("UPDATE audit_events SET reason = 'x' WHERE id = ?", [old.id]);
      const since = await over(`since=${first!.number}`);
      expect(since).toMatchObject({ ok: true, checkpoints: 1 });
      expect(since.rows).toBeLessThan(10);
      await sql("UPDATE audit_events SET reason = 'x' WHERE actor_id = ?", [user.user.id]);
      expect(await over(`since=${first!.number}`)).toMatchObject({ ok: false, firstBad: { kind: 'edited' } });
      await admin.get('/admin/audit-events/verify?since=77').expect(404);
    });
  });

  it('notices rows that were cut off the end, also with the end of the lane put back to match', async () => {
    const [before, last] = await tail();
    await checkpoint();
    await sql('DELETE FROM audit_events WHERE id = ?', [last.id]);
    expect((await verify()).firstFault).toMatchObject({ kind: 'cut-off', lane: last.lane, seq: last.seq });
    await sql('UPDATE audit_lanes SET seq = ?, hash = ? WHERE lane = ?', [before.seq, before.hash, before.lane]);
    expect((await verify()).firstFault).toMatchObject({ kind: 'cut-off', lane: last.lane, seq: last.seq });
  });

  it('notices a chain that was computed anew by somebody who can write to the database', async () => {
    const [, last] = await tail();
    const forged = last.hash!.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
    await sql("UPDATE audit_events SET reason = 'forged', hash = ? WHERE id = ?", [forged, last.id]);
    await sql('UPDATE audit_lanes SET hash = ? WHERE lane = ?', [forged, last.lane]);
    expect((await verify()).firstFault).toMatchObject({ kind: 'forged', id: last.id });
  });

  it('notices a row that was written past the chain', async () => {
    await api.db.insert(AuditEvent, { id: '01900000-0000-7000-8000-000000000000', at: api.clock.now(), actorKind: 'admin', action: 'admins.create' });
    expect((await verify()).firstFault).toMatchObject({ kind: 'outside', id: '01900000-0000-7000-8000-000000000000' });
  });

  it('notices checkpoints that were changed or removed', async () => {
    await checkpoint();
    const user = await api.signedIn();
    await user.patch('/users/me', { name: 'Later' }).expect(200);
    await checkpoint();
    await sql('DELETE FROM audit_checkpoints WHERE number = 2');
    expect((await verify()).firstFault).toMatchObject({ kind: 'checkpoint', detail: expect.stringContaining('2') });
    await sql("UPDATE audit_checkpoints SET heads = '[]' WHERE number = 1");
    expect((await verify()).faults.some(({ kind, detail }) => kind === 'checkpoint' && detail.startsWith('Checkpoint 1'))).toBe(true);
  });

  it('signs nothing when nothing happened, and one statement when two instances sign at once', async () => {
    const [first, second] = await Promise.all([checkpoint(), checkpoint()]);
    expect(second!.number).toBe(first!.number);
    expect((await checkpoint())!.number).toBe(1);
    expect(await verify()).toMatchObject({ ok: true, checkpoints: 1 });
  });

  it('goes on proving itself after a user was erased with what told of them, and nobody else can take details away', async () => {
    const user = await api.signedIn();
    await user.patch('/users/me', { name: 'Somebody Particular' }).expect(200);
    await checkpoint();
    await api.app.get(AccountRemoval).erase(SYSTEM, user.user.id, 'asked for');
    const about = (await rows()).filter(({ actorId, action }) => actorId === user.user.id && action !== 'users.erase');
    expect(about.length).toBeGreaterThan(0);
    expect(about.every(({ before, after, ip, salt }) => before === null && after === null && ip === null && salt === null)).toBe(true);
    expect(await verify()).toMatchObject({ ok: true });
    const other = (await rows()).find(({ after, actorId }) => after !== null && actorId !== user.user.id)!;
    await sql('UPDATE audit_events SET `before` = NULL, `after` = NULL, ip = NULL, salt = NULL WHERE id = ?', [other.id]);
    expect((await verify()).firstFault).toMatchObject({ kind: 'edited', id: other.id });
  });

  it('takes rows in that were written before there were chains', async () => {
    await sql('UPDATE audit_events SET lane = NULL, seq = NULL, hash = NULL, mac = NULL, salt = NULL, details_hash = NULL');
    await sql("UPDATE audit_lanes SET seq = 0, hash = ''");
    expect((await verify()).ok).toBe(false);
    await api.app.get(AuditChain).onModuleInit();
    expect(await verify()).toMatchObject({ ok: true, rows: (await rows()).length });
  });

  it('has no row of a change that was rolled back', async () => {
    const user = await api.signedIn();
    const other = await api.signedIn();
    const before = (await rows()).length;
    await user.patch('/users/me', { username: other.user.username }).expect(409);
    expect(await verify()).toMatchObject({ ok: true, rows: before });
  });

  it('is verified by the command line, which fails and names the row', async () => {
    const victim = (await rows())[9]!;
    await sql("UPDATE audit_events SET reason = 'x' WHERE id = ?", [victim.id]);
    const { code, stdout, stderr } = await cli(['audit', 'verify'], { DATA_DIR: api.settings.dataDir, DATABASE_URL: api.settings.databaseUrl ?? '' });
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`^edited .*${victim.id}`, 'm'));
    expect(stderr).toContain('the first of 1 faults');
  });
});

describe('audit events over the API', () => {
  let api: Api;
  let admin: SignedInCaller;
  let user: SignedInCaller;
  beforeAll(async () => {
    api = await Api.start();
    admin = await api.admin();
    user = await api.signedIn();
    for (let n = 0; n < 7; n += 1) {
      api.clock.advanceSeconds(60);
      await user.patch('/users/me', { name: `Name ${n}` }).set('x-request-id', `wish-${n}`).expect(200);
    }
  });
  afterAll(() => api.close());

  const list = async (query: string): Promise<Record<string, unknown>[]> => (await admin.get(`/admin/audit-events?${query}`).expect(200)).body as Record<string, unknown>[];

  it('are listed newest first, a page after the other, each row once', async () => {
    const names: unknown[] = [];
    let next: string | undefined = `?targetId=${user.user.id}&action=users.update-profile&limit=3`;
    while (next) {
      const answer: Response = await admin.get(`/admin/audit-events${next}`).expect(200);
      names.push(...(answer.body as { after: { name: string } }[]).map(({ after }) => after.name));
      next = /<([^>]+)>; rel="next"/.exec(answer.headers['link'] ?? '')?.[1];
    }
    expect(names).toEqual([6, 5, 4, 3, 2, 1, 0].map((n) => `Name ${n}`));
  });

  it('are found by actor, kind, beginning of the action, target, time, request and address', async () => {
    const all = await list(`actorId=${user.user.id}`);
    const at = all[3]!['at'] as string;
    const by = async (query: string): Promise<unknown[]> => (await list(`actorId=${user.user.id}&${query}`)).map(({ id }) => id);
    const those = (which: (event: Record<string, unknown>) => boolean): unknown[] => all.filter(which).map(({ id }) => id);
    expect(await by('actorKind=user')).toEqual(those(() => true));
    expect(await by('actorKind=admin')).toEqual([]);
    expect(await by('action_like=users.update')).toHaveLength(7);
    expect(await by(`at_gte=${at}`)).toEqual(those((event) => (event['at'] as string) >= at));
    expect(await by(`at_lte=${at}&at_gte=${at}`)).toEqual(those((event) => event['at'] === at));
    expect(await by(`ip=${String(all[0]!['ip'])}`)).toEqual(those(() => true));
    expect(await list('requestId=wish-4')).toMatchObject([{ targetId: user.user.id, before: { name: 'Name 3' }, after: { name: 'Name 4' } }]);
    await admin.get('/admin/audit-events?nonsense=1').expect(400);
  });

  it('are read one by one', async () => {
    const [event] = await list('requestId=wish-2');
    expect((await admin.get(`/admin/audit-events/${event!['id'] as string}`).expect(200)).body).toEqual(event);
    await admin.get('/admin/audit-events/0190f3f3-0000-7000-8000-000000000000').expect(404);
  });

  describe('exported', () => {
    let texts: Record<'ndjson' | 'csv', string>;
    beforeAll(async () => {
      await api.app.get(AuditCheckpoints).take();
      api.clock.advanceSeconds(240);
      const awkward = { reason: '=1+1 "quoted"\r\nand a line, and\u2028another', after: { name: '-\n' } };
      for (let n = 0; n < 100; n += 1) await api.app.get(AuditService).record(api.db, SYSTEM, 'test.awkward', n % 2 ? '' : '-', awkward);
      texts = { ndjson: await exported('format=ndjson'), csv: await exported('format=csv') };
    });

    const exported = async (query: string): Promise<string> => (await admin.get(`/admin/audit-events/export?${query}`).buffer(true).expect(200)).text;
    const proofOf = (text: string, key?: KeyObject): Promise<ExportProof> => verifyExport(piecesOf(text), key);
    const ourKey = (): KeyObject => api.app.get(AuditCheckpoints).publicKey;

    it('prove themselves to whoever has the public key, in both formats, and say so on the command line', async () => {
      const count = await api.db.countBy(AuditEvent, {});
      // The second one has the row of the first, and each that of itself.
      expect(await proofOf(texts.csv, ourKey())).toMatchObject({ rows: count, withoutDetails: 0, header: { begin: null, from: null } });
      expect(await proofOf(texts.ndjson, ourKey())).toMatchObject({ rows: count - 1 });
      expect(await list('action=audit.export')).toMatchObject([{ actorId: admin.user.id, after: { format: 'csv' } }, { after: { format: 'ndjson' } }]);
      const [file, key] = ['audit.csv', 'audit.pem'].map((name) => join(api.settings.dataDir, name)) as [string, string];
      writeFileSync(file, texts.csv);
      writeFileSync(key, api.app.get(AuditCheckpoints).publicKeyText);
      const { code, stdout } = await cli(['audit', 'verify-export', file, '--key', key], { DATA_DIR: '/nowhere' });
      expect(stdout).toMatch(new RegExp(`^${count} rows from the beginning to checkpoint 3 `));
      expect(code).toBe(0);
    });

    it('are the stretch between the checkpoints around what was asked for', async () => {
      const [newest] = await list('action=test.awkward&limit=1');
      const { header, rows } = await proofOf(await exported(`from=${newest!['at'] as string}`));
      expect(header).toMatchObject({ begin: { number: 1 }, from: newest!['at'] });
      expect(rows).toBeLessThan(await api.db.countBy(AuditEvent, {}));
      expect((await proofOf(await exported(`to=2020-01-01T00:00:00Z`))).header.end.number).toBe(1);
      await admin.get('/admin/audit-events/export?from=2030-01-02T00:00:00Z&to=2030-01-01T00:00:00Z').expect(400);
      await admin.get('/admin/audit-events/export?from=yesterday').expect(400);
    });

    it.each(['ndjson', 'csv'] as const)('as %s name the first line that was edited, removed, moved, added or cut off', async (format) => {
      const [whole, breakOf] = [texts[format], format === 'csv' ? '\r\n' : '\n'];
      // In pieces that are whole lines of the file: a cell may have line breaks.
      const lines = format === 'csv' ? whole.split(/(?<=\r\n)(?=header|event|end)/) : whole.split(/(?<=\n)/);
      // Among rows: which of them stands first is chance where there are several lanes.
      const isRow = (line: string | undefined): boolean => /^(\{"kind":")?event/.test(line ?? '');
      const at = lines.findIndex((line, index) => /profile/.test(line) && isRow(lines[index - 1]) && isRow(lines[index + 1]));
      const numberAt = (index: number): number => lines.slice(0, index).join('').split('\n').length;
      const changed = (change: (copy: string[]) => void): Promise<ExportProof> => {
        const copy = [...lines];
        change(copy);
        return proofOf(copy.join(''));
      };
      const bad = (kind: string, index: number): object => ({ kind, line: numberAt(index) });
      await expect(changed((copy) => (copy[at] = copy[at]!.replace('update-profile', 'update-nothing')))).rejects.toMatchObject(bad('edited', at));
      await expect(changed((copy) => (copy[at] = copy[at]!.replace(/Name \d/, 'Name 9')))).rejects.toMatchObject(bad('edited', at));
      await expect(changed((copy) => copy.splice(at, 1))).rejects.toMatchObject({ kind: 'removed' });
      await expect(changed((copy) => copy.splice(at, 2, copy[at + 1]!, copy[at]!))).rejects.toMatchObject(bad('reordered', at));
      await expect(changed((copy) => copy.splice(at, 0, copy[at - 1]!))).rejects.toMatchObject(bad('added', at));
      await expect(changed((copy) => copy.splice(at))).rejects.toMatchObject(bad('cut-off', at));
      await expect(proofOf(lines.slice(0, at + 1).join('').slice(0, -20))).rejects.toMatchObject(bad('cut-off', at));
      await expect(proofOf(`${whole}${lines.at(-1)!.trim()}${breakOf}`)).rejects.toMatchObject(bad('added', lines.length));
    });

    it('name a signature that is not theirs, details taken out, and another key than was wanted', async () => {
      const lines = texts.ndjson.split(/(?<=\n)/);
      const foreign = generateKeyPairSync('ed25519').privateKey;
      const end = JSON.parse(lines.at(-1)!) as EndLine;
      const signed = { ...end, signature: sign(null, endStatement(end), foreign).toString('base64url') };
      await expect(proofOf([...lines.slice(0, -1), `${JSON.stringify(signed)}\n`].join(''))).rejects.toMatchObject({ kind: 'signature', line: lines.length });
      const at = lines.findIndex((line) => /profile/.test(line));
      const bare = { ...(JSON.parse(lines[at]!) as EventLine), before: null, after: null, ip: null, salt: null };
      await expect(proofOf(lines.with(at, `${JSON.stringify(bare)}\n`).join(''))).rejects.toMatchObject({ kind: 'signature' });
      await expect(proofOf(lines.with(0, lines[0]!.replace('"from":null', '"from":"2030-01-01T00:00:00Z"')).join(''))).rejects.toMatchObject({ kind: 'signature' });
      await expect(proofOf(texts.ndjson, createPublicKey(foreign))).rejects.toMatchObject({ kind: 'other-key', line: 1 });
      await expect(proofOf(lines.with(0, lines[0]!.replace(/"heads":"\[\[(\d+),\d+/, '"heads":"[[$1,77')).join(''))).rejects.toMatchObject({ kind: 'edited', line: 1 });
    });
  });
});

/** As a network hands it out, also in the middle of a character. */
async function* piecesOf(text: string): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}
