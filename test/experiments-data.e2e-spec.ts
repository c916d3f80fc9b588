import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Actor } from '../src/access/actor.js';
import { AuditCheckpoints } from '../src/audit/audit-checkpoints.js';
import type { Bundle } from '../src/experiments/bundle/bundle.js';
import { type BadBundle, verifyBundle } from '../src/experiments/bundle/verify-bundle.js';
import { Experiment } from '../src/experiments/experiment.entity.js';
import { PARTS } from '../src/experiments/experiment-removal.js';
import { ExperimentsDesk } from '../src/experiments/experiments-desk.js';
import { LiteratureEntry } from '../src/experiments/literature/literature-entry.entity.js';
import { ExperimentShare } from '../src/experiments/sharing/experiment-share.entity.js';
import { Result } from '../src/experiments/results/result.entity.js';
import { EXPERIMENT } from '../src/experiments/versions/kinds.js';
import { PersonalData } from '../src/users/personal-data/personal-data.js';
import { cli } from './support/built.js';
import { Api, type Caller, PASSWORD, type SignedInCaller } from './support/api.js';

interface Row {
  id: string;
  version: number;
}

interface Report {
  rows: number;
  results: number;
  failed: number;
  errors: { line: number; column: string; code: string; detail: string }[];
  errorsTruncated: boolean;
}

describe('the data of an experiment', () => {
  let api: Api;
  let owner: SignedInCaller;
  beforeAll(async () => {
    api = await Api.start();
    owner = await api.signedIn();
  });
  afterAll(() => api.close());

  /** With two parameters, two responses and four runs. */
  async function planned(by: Caller = owner): Promise<string> {
    const { body } = await by.post('/experiments', { title: 'Crust', objective: 'Crispness' }).expect(201);
    const { id } = body as Row;
    const add = (path: string, part: object) => by.post(`/experiments/${id}/${path}`, part).expect(201);
    await add('parameters', { name: 'Temperature', kind: 'continuous', low: 60, high: 80, unit: '°C' });
    await add('parameters', { name: 'Catalyst', kind: 'categorical', levels: ['=A', 'B'] });
    await add('responses', { name: 'Yield', unit: 'g/L' });
    await add('responses', { name: 'Loss' });
    const settings = [[60, '=A'], [80, 'B'], [60, 'B'], [80, '=A']];
    await add('runs/bulk', { items: settings.map(([Temperature, Catalyst], index) => ({ settings: { Temperature, Catalyst }, standardOrder: index + 1, block: 1 })) });
    return id;
  }

  const csv = (by: Caller, id: string, text: string | Buffer, query = '') => by.post(`/experiments/${id}/results/import${query}`).set('content-type', 'text/csv').send(text as string);
  const versionOf = async (id: string): Promise<number> => ((await owner.get(`/experiments/${id}`).expect(200)).body as Row).version;
  const valuesIn = (id: string): Promise<Result[]> => api.db.find(Result, { where: { experimentId: id }, order: { id: 'ASC' } });

  describe('in sheets', () => {
    it('comes as a sheet that a laboratory fills in and sends back, with how the runs really were', async () => {
      const id = await planned();
      const { text, headers } = await owner.get(`/experiments/${id}/runs/export?actual=true`).expect(200);
      expect(headers['content-type']).toBe('text/csv; charset=utf-8');
      expect(text).not.toMatch(/(?:^|,)=A/m);
      const [header, ...rows] = parse(text, { bom: true });
      expect(header).toEqual(['run', 'repeat', 'standard order', 'block', 'point type', 'status', 'note', 'Temperature (°C)', 'Catalyst', 'actual: Temperature (°C)', 'actual: Catalyst', 'Yield (g/L)', 'Loss']);
      Object.assign(rows[0]!, { 11: '61.5', 12: '-2e-3' });
      Object.assign(rows[1]!, { 9: '81.25', 11: '70' });
      Object.assign(rows[2]!, { 5: 'failed', 6: 'The oven went out' });
      const filled = [header!, ...rows].map((cells) => cells.map((cell) => `"${cell}"`).join(',')).join('\r\n');
      const before = await versionOf(id);
      expect((await csv(owner, id, filled).expect(200)).body).toMatchObject({ dryRun: false, rows: 4, results: 3, runs: 3, empty: 1, failed: 0, errors: [] });
      expect((await valuesIn(id)).map(({ value }) => value).sort((a, b) => a - b)).toEqual([-0.002, 61.5, 70]);
      const { body } = await owner.get(`/experiments/${id}/runs`).expect(200);
      expect((body as { data: object[] }).data).toMatchObject([{ status: 'ok', actual: {} }, { status: 'ok', actual: { Temperature: 81.25 } }, { status: 'failed', note: 'The oven went out' }, { status: 'planned' }]);
      expect(await versionOf(id)).toBe(before + 1);
      // What it sends out then says it all, and comes back without being taken twice.
      const { text: again } = await owner.get(`/experiments/${id}/runs/export?actual=true`).expect(200);
      expect((await csv(owner, id, again).expect(200)).body).toMatchObject({ results: 0, unchanged: 3, failed: 0 });
      expect(await versionOf(id)).toBe(before + 1);
    });

    it('is taken measurement by measurement and as free observations too', async () => {
      const id = await planned();
      await csv(owner, id, 'run,response,value,repeat,unit\n1,Yield,60,1,g/L\n1,Yield,61,2,\n2,Loss,3,,\n').expect(200);
      expect((await csv(owner, id, 'Temperature (℃),Catalyst,Yield\n65,B,60\n66.5,B,\n65,B,60\n').expect(200)).body).toMatchObject({ results: 2, observations: 2, empty: 1 });
      expect((await owner.get(`/experiments/${id}/results`).expect(200)).body).toMatchObject({ data: [{ value: 60, repeat: 1 }, { value: 61, repeat: 2 }, { response: 'Loss', value: 3 }, { runId: null, settings: { Temperature: 65, Catalyst: 'B' } }, { runId: null, value: 60 }] });
    });

    it('is tried out by the same code: the same answer, and nothing stays', async () => {
      const id = await planned();
      const before = await versionOf(id);
      const sheet = 'run,Yield,status,note\n1,60,,\n2,61,suspect,Smelled odd\n';
      const { body: tried } = await csv(owner, id, sheet, '?dryRun=true').set('idempotency-key', `try-${id}`).expect(200);
      expect(tried).toMatchObject({ dryRun: true, results: 2, runs: 2 });
      expect(await valuesIn(id)).toEqual([]);
      expect(await versionOf(id)).toBe(before);
      expect((await owner.get(`/experiments/${id}/runs?status=suspect`).expect(200)).body).toMatchObject({ data: [] });
      expect((await csv(owner, id, sheet).expect(200)).body).toEqual({ ...(tried as object), dryRun: false });
    });

    it('is taken once under one Idempotency-Key, which no other file may use', async () => {
      const id = await planned();
      const send = (sheet: string) => csv(owner, id, sheet).set('idempotency-key', `sheet-${id}`);
      const answers = await Promise.all(Array.from({ length: 5 }, () => send('Temperature,Catalyst,Yield\n65,B,60\n').expect(200)));
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
      expect(await valuesIn(id)).toHaveLength(1);
      expect((await send('Temperature,Catalyst,Yield\n65,B,61\n').expect(409)).body).toMatchObject({ code: 'idempotency.other-request' });
    });

    it('tells of every row that is not right, the first hundred in words, and takes none', async () => {
      const id = await planned();
      await owner.post(`/experiments/${id}/results`, { run: 4, response: 'Yield', value: 50 }).expect(201);
      const rows = ['1,lots,,', '1,"61,5",,', '1,NaN,,', '1,-Infinity,,', '1,0x1F,,', '1,1e999,,', '9,60,,', 'one,60,,', '1,60,,', '1,61,,', '4,51,,', '2,60,90,', '2,60,,perhaps', '3,60'];
      const sheet = `run,Yield (g/L),Temperature,status\n${rows.join('\n')}\n`;
      const before = await versionOf(id);
      const { body } = await csv(owner, id, sheet).expect(422);
      expect(body).toMatchObject({ code: 'experiments.sheet-refused', import: { rows: 14, failed: 13 } });
      const { errors } = (body as { import: Report }).import;
      expect(errors.map(({ line, code }) => `${line} ${code}`)).toEqual([
        '2 number', '3 decimal-comma', '4 not-finite', '5 not-finite', '6 number', '7 number-too-large', '8 run', '9 run', '11 repeated', '12 measured-before', '13 plan', '14 status', '15 columns',
      ]);
      expect(errors[1]!.detail).toContain('write 61.5');
      const { body: tried } = await csv(owner, id, sheet, '?dryRun=true').expect(200);
      expect((tried as Report).errors).toEqual(errors);
      const many = `run,Yield\n${'1,x\n'.repeat(250)}`;
      expect(((await csv(owner, id, many).expect(422)).body as { import: Report }).import).toMatchObject({ failed: 250, errors: { length: 100 }, errorsTruncated: true });
      expect(await versionOf(id)).toBe(before);
      expect(await valuesIn(id)).toHaveLength(1);
    });

    it.each([
      ['a unit that differs', 'run,Yield (mg/L)\n1,60\n', 422, 'experiments.sheet-columns', /gives Yield in mg\/L, but the experiment has it in g\/L/],
      ['a unit that differs, of a parameter', 'Temperature (K),Catalyst,Yield\n340,B,60\n', 422, 'experiments.sheet-columns', /in K.*convert/],
      ['a unit that differs, in a row', 'run,response,value,unit\n1,Yield,60,mg/L\n', 422, 'experiments.sheet-refused', /in mg\/L/],
      ['an unknown column', 'run,Yield,Colour\n1,60,red\n', 422, 'experiments.sheet-columns', /no parameter or response "Colour"/],
      ['semicolons', 'run;Yield\n1;60\n', 422, 'experiments.sheet-columns', /Separate columns by commas/],
      ['a column twice', 'run,Yield,Yield (g/L)\n1,60,61\n', 422, 'experiments.sheet-columns', /twice/],
      ['no response', 'run,Temperature\n1,60\n', 422, 'experiments.sheet-columns', /No column holds a response/],
      ['settings left out', 'Temperature,Yield\n61,60\n', 422, 'experiments.sheet-columns', /Catalyst is missing/],
      ['a level that does not exist', 'Temperature,Catalyst,Yield\n61,C,60\n', 422, 'experiments.sheet-refused', /no level C/],
      ['broken UTF-8 in the header', Buffer.from('run,Temperature (\xb0C),Yield\n1,60,60\n', 'latin1'), 400, 'imports.unreadable-file', /not UTF-8/],
      ['broken UTF-8 in a row', Buffer.from('run,Yield,note\n1,60,zu hei\xdf\n', 'latin1'), 422, 'experiments.sheet-refused', /not UTF-8/],
      ['an open quote', `run,Yield\n1,"60\n${'2,61\n'.repeat(20_000)}`, 400, 'imports.unreadable-file', /quote/],
      ['a million columns', `run${',Yield'.repeat(1_000_000)}\n`, 400, 'imports.unreadable-file', /longer than/],
      ['a million columns without a name', `run${','.repeat(1_000_000)}\n`, 400, 'imports.unreadable-file', /longer than/],
      ['a million rows', `run,Yield\n${'1,60\n'.repeat(1_000_000)}`, 422, 'experiments.too-many', /100000/],
      ['more than 10 MiB', `run,Yield\n${'1,                60\n'.repeat(600_000)}`, 422, 'experiments.too-many', /100000/],
      ['more than 10 MiB in few rows', `run,Yield,note\n${`1,60,${'x'.repeat(60_000)}\n`.repeat(200)}`, 413, 'imports.too-large', /10485760/],
      ['nothing at all', ' ', 422, 'experiments.sheet-columns', /run/],
    ])('answers %s with a problem that says what to change', async (_, sheet, status, code, words) => {
      const id = await planned();
      const before = await versionOf(id);
      const { body } = await csv(owner, id, sheet).expect(status);
      expect(body).toMatchObject({ code, detail: expect.stringMatching(words) as string });
      expect(await versionOf(id)).toBe(before);
      expect(await valuesIn(id)).toEqual([]);
    });

    it('is read when it begins with a byte order mark, and only as CSV', async () => {
      const id = await planned();
      await csv(owner, id, '\ufeffrun,Yield\r\n1,60\r\n').expect(200);
      await owner.post(`/experiments/${id}/results/import`, { run: 1 }).expect(415);
    });

    it('has names in front of columns that would mean several things', async () => {
      const { body } = await owner.post('/experiments', { title: 'Names' }).expect(201);
      const { id } = body as Row;
      const add = (path: string, part: object) => owner.post(`/experiments/${id}/${path}`, part).expect(201);
      for (const name of ['run', 'Mass', 'Mass (g)']) await add('parameters', { name, kind: 'continuous', low: 1, high: 2, unit: name === 'Mass' ? 'g' : null });
      for (const name of ['Mass', 'value']) await add('responses', { name });
      await add('runs', { settings: { run: 1, Mass: 2, 'Mass (g)': 1.5 } });
      const { text } = await owner.get(`/experiments/${id}/runs/export`).expect(200);
      const [header, row] = parse(text, { bom: true });
      expect(header!.slice(7)).toEqual(['parameter: run', 'parameter: Mass', 'Mass (g)', 'response: Mass', 'response: value']);
      expect((await csv(owner, id, `${header!.join(',')}\n${[...row!.slice(0, -1), '7'].join(',')}\n`).expect(200)).body).toMatchObject({ results: 1 });
      expect((await csv(owner, id, 'run,Mass\n1,2\n').expect(422)).body).toMatchObject({ code: 'experiments.sheet-columns', violations: [{ pointer: '/Mass', code: 'ambiguous-column' }] });
    });

    it('of 20,000 values is taken while others are answered', async () => {
      const id = await planned();
      const sheet = `Temperature,Catalyst,Yield\n${Array.from({ length: 20_000 }, (_, n) => `${60 + (n % 20)},B,${n}`).join('\n')}\n`;
      const begun = performance.now();
      let longest = 0;
      let done = false;
      const others = (async () => {
        for (;;) {
          const asked = performance.now();
          await api.anyone.get('/health/live').expect(200);
          longest = Math.max(longest, performance.now() - asked);
          if (done) return;
        }
      })();
      expect((await csv(owner, id, sheet).timeout(120_000).expect(200)).body).toMatchObject({ results: 20_000 });
      const seconds = (performance.now() - begun) / 1000;
      done = true;
      await others;
      process.stderr.write(`20,000 values imported in ${seconds.toFixed(1)} s; another request waited ${longest.toFixed(0)} ms at the longest\n`);
    }, 180_000);
  });

  describe('as a file', () => {
    type File = Record<string, Record<string, unknown>[]> & { format: string; exportedAt: string; experiment: object };

    /** With a design, a correction, a free observation, a published value, a gap in the numbers and a parameter that came later. */
    async function studied(): Promise<string> {
      const id = await planned();
      const add = (path: string, part: object) => owner.post(`/experiments/${id}/${path}`, part).expect(201);
      await csv(owner, id, 'run,Yield,Loss,actual: Temperature (°C),status,note\n1,60,,,,\n2,615,3,81.5,,\n4,1,,,suspect,Smelled odd\n').expect(200);
      const wrong = (await valuesIn(id)).find(({ value }) => value === 615)!;
      await owner.post(`/experiments/${id}/results/${wrong.id}/correct`, { value: 61.5, reason: 'A point was forgotten' }).expect(201);
      await add('results', { settings: { Temperature: 65, Catalyst: 'B' }, response: 'Yield', value: 63 });
      await add('literature-data', { source: 'A paper', doi: '10.1000/182', settings: { Temperature: 70, Catalyst: 'B' }, response: 'Yield', value: 64, weight: 0.5 });
      const { body } = await owner.get(`/experiments/${id}/runs?number=3`).expect(200);
      await owner.delete(`/experiments/${id}/runs/${(body as { data: Row[] }).data[0]!.id}`).expect(200);
      await add('parameters', { name: 'pH', kind: 'continuous', low: 5, high: 7 });
      return id;
    }

    const fileOf = async (id: string, by: Caller = owner): Promise<File> => (await by.get(`/experiments/${id}/export`).expect(200)).body as File;
    const content = ({ exportedAt: _, results, ...rest }: File): object => ({ ...rest, results: results!.map(({ at: __, ...result }) => result) });

    it('says the same when it has become an experiment of somebody else', async () => {
      const id = await studied();
      const other = await api.signedIn();
      const file = await fileOf(id);
      expect(file.format).toBe('provost experiment 1');
      const { body } = await other.post('/experiments/import', file).expect(201);
      expect(body).toMatchObject({ ownerId: other.user.id, role: 'owner', title: 'Crust', version: 2 });
      expect(content(await fileOf((body as Row).id, other))).toEqual(content(file));
      expect(JSON.stringify(file)).not.toContain(id);
      await owner.get(`/experiments/${(body as Row).id}`).expect(404);
    });

    it.each<[string, string, string, (file: File) => unknown]>([
      ['of another format', 'experiments.foreign-file', '/format', () => ({ format: 'provost experiment 9' })],
      ['that is no object', 'experiments.foreign-file', '/format', () => []],
      ['with a field that nobody knows', 'validation.failed', '/secrets', (file) => ({ ...file, secrets: [] })],
      ['with a list that is none', 'validation.failed', '/runs', (file) => ({ ...file, runs: {} })],
      ['with a text in place of a number', 'validation.failed', '/results/0/value', (file) => ({ ...file, results: [{ ...file['results']![0], value: '60' }] })],
      ['with two parameters of one name', 'experiments.file-refused', '/parameters/3', (file) => ({ ...file, parameters: [...file['parameters']!, file['parameters']![0]] })],
      ['with a constant factor', 'experiments.file-refused', '/parameters/0', (file) => ({ ...file, parameters: [{ ...file['parameters']![0], high: 60 }] })],
      ['with two runs of one number', 'experiments.file-refused', '/runs/1/number', (file) => ({ ...file, runs: [file['runs']![0], file['runs']![0]] })],
      ['with a level that does not exist', 'experiments.file-refused', '/runs/0/settings', (file) => ({ ...file, runs: [{ ...file['runs']![0], settings: { Catalyst: 'C' } }] })],
      ['with a result of no run', 'experiments.file-refused', '/results/0/run', (file) => ({ ...file, results: [{ ...file['results']![0], run: 77 }] })],
      ['with two values in one place', 'experiments.file-refused', '/results/1', (file) => ({ ...file, results: [1, 2].map((number) => ({ ...file['results']![0], number })) })],
      ['with a correction of itself', 'experiments.file-refused', '/results/0/corrects', (file) => ({ ...file, results: [{ ...file['results']![0], corrects: 1, reason: 'None' }] })],
    ])('%s is refused with its place, and nothing is begun', async (_, code, pointer, broken) => {
      const caller = await api.signedIn();
      const file = await fileOf(await studied());
      const { body, status } = await caller.post('/experiments/import', broken(file) as object);
      expect(body).toMatchObject({ code, violations: [expect.objectContaining({ pointer })] });
      expect([400, 422]).toContain(status);
      expect((await caller.get('/experiments').expect(200)).body).toMatchObject({ data: [] });
    });

    it('may be larger than other bodies, but not of any size', async () => {
      const file = await fileOf(await planned());
      const big = (rows: number) => ({ ...file, literature: Array.from({ length: rows }, () => ({ source: 'x'.repeat(500), settings: { Temperature: 70, Catalyst: 'B' }, response: 'Yield', value: 64 })) });
      await owner.post('/experiments/import', big(2500)).expect(201);
      await owner.post('/experiments/import', big(25_000)).expect(413);
    });

    it('is what a duplicate is made by: of all of it by viewers too, or with its runs planned anew', async () => {
      const id = await studied();
      const viewer = await api.signedIn();
      await owner.post(`/experiments/${id}/shares`, { username: viewer.user.username, role: 'viewer' }).expect(201);
      const before = await versionOf(id);
      const { body: whole } = await viewer.post(`/experiments/${id}/duplicate`, {}).set('idempotency-key', `copy-${id}`).expect(201);
      expect(whole).toMatchObject({ ownerId: viewer.user.id, role: 'owner', title: 'Crust (copy)' });
      expect((await viewer.post(`/experiments/${id}/duplicate`, {}).set('idempotency-key', `copy-${id}`).expect(201)).body).toEqual(whole);
      expect(content(await fileOf((whole as Row).id, viewer))).toEqual({ ...content(await fileOf(id)), experiment: expect.objectContaining({ title: 'Crust (copy)' }) as object });
      const { body: plan } = await owner.post(`/experiments/${id}/duplicate`, { title: 'Again', results: false }).expect(201);
      expect(await fileOf((plan as Row).id)).toMatchObject({ experiment: { title: 'Again' }, results: [], runs: [{ number: 1, status: 'planned' }, { number: 2, status: 'planned', actual: {} }, { number: 4, status: 'planned', note: null }], literature: [{ value: 64 }] });
      expect(await versionOf(id)).toBe(before);
    });
  });

  describe('is its owner’s', () => {
    const REASON = { reason: 'a test' };

    it('and in their archive, each row of every table', async () => {
      const ada = await api.signedIn();
      const id = await planned(ada);
      await csv(ada, id, 'run,Yield\n1,60\n').expect(200);
      const file = api.app.get(PersonalData).files.find(({ path }) => path === 'experiments.ndjson')!;
      const rows: Record<string, unknown>[] = [];
      for await (const row of file.rows(ada.user.id)) rows.push(row as Record<string, unknown>);
      expect(rows[0]).toMatchObject({ record: 'experiment', id, title: 'Crust' });
      const counts: Record<string, number> = {};
      for (const { record } of rows) counts[String(record)] = (counts[String(record)] ?? 0) + 1;
      expect(counts).toMatchObject({ parameter: 2, response: 2, run: 4, 'run-setting': 8, result: 1, version: 7 });
      expect(rows.find(({ record, action }) => record === 'version' && action === 'results.import')).toMatchObject({ changes: [{ kind: 'run' }, { kind: 'result', after: { value: 60 } }] });
      const inside = api.db.dataSource.entityMetadatas.map(({ tableName }) => tableName).filter((name) => /^experiments?(?:_|$)/.test(name));
      expect([...file.tables].sort()).toEqual(inside.sort());
    });

    it('and out of everybody’s reach while they are deleted, until they are restored; erasing them leaves no row', async () => {
      const [ada, bob, admin] = [await api.signedIn(), await api.signedIn(), await api.admin()];
      const [id, kept] = [await planned(ada), await planned(bob)];
      await csv(ada, id, 'run,Yield\n1,60\n').expect(200);
      const { body } = await ada.get(`/experiments/${id}/results`).expect(200);
      await ada.post(`/experiments/${id}/results/${(body as { data: Row[] }).data[0]!.id}/correct`, { value: 61, reason: 'Misread' }).expect(201);
      await ada.post(`/experiments/${id}/shares`, { username: bob.user.username, role: 'editor' }).expect(201);
      await bob.post(`/experiments/${kept}/shares`, { username: ada.user.username, role: 'viewer' }).expect(201);
      const seenByBob = async () => ((await bob.get('/experiments').expect(200)).body as { data: Row[] }).data.map((row) => row.id).sort();
      expect(await seenByBob()).toEqual([id, kept].sort());
      await ada.delete('/users/me', { password: PASSWORD }).expect(200);
      await bob.get(`/experiments/${id}`).expect(404);
      await bob.patch(`/experiments/${id}`, { title: 'Mine now' }).expect(404);
      expect(await seenByBob()).toEqual([kept]);
      await admin.post(`/admin/users/${ada.user.id}/restore`, REASON).expect(200);
      const { body: signedIn } = await api.anyone.post('/auth/login', { login: ada.user.username, password: PASSWORD }).expect(200);
      expect((await api.with((signedIn as { accessToken: string }).accessToken).get(`/experiments/${id}`).expect(200)).body).toMatchObject({ title: 'Crust', role: 'owner' });
      expect(await seenByBob()).toEqual([id, kept].sort());
      await admin.post(`/admin/users/${ada.user.id}/erase`, { ...REASON, confirm: ada.user.username }).expect(200);
      for (const part of [...PARTS]) expect({ of: part.name, rows: await api.db.countBy(part, { experimentId: id }) }).toEqual({ of: part.name, rows: 0 });
      expect(await api.db.countBy(Experiment, { id })).toBe(0);
      expect(await api.db.countBy(ExperimentShare, { experimentId: kept })).toBe(0);
      await bob.get(`/experiments/${kept}`).expect(200);
    });
  });

  describe('in its versions', () => {
    it('counts every one of 20 changes at once, of which one is let through where all name the same version', async () => {
      const id = await planned();
      const editors = await Promise.all(Array.from({ length: 4 }, () => api.signedIn()));
      for (const { user } of editors) await owner.post(`/experiments/${id}/shares`, { username: user.username, role: 'editor' }).expect(201);
      const before = await versionOf(id);
      const change = (index: number) => editors[index % 4]!.post(`/experiments/${id}/literature-data`, { source: `Paper ${index}`, response: 'Yield', value: index, settings: { Temperature: 61, Catalyst: 'B' } });
      await Promise.all(Array.from({ length: 20 }, (_, index) => change(index).expect(201)));
      expect(await versionOf(id)).toBe(before + 20);
      const { body } = await owner.get(`/experiments/${id}/versions?limit=20`).expect(200);
      expect(new Set((body as { data: { number: number }[] }).data.map(({ number }) => number)).size).toBe(20);
      expect(await api.db.countBy(LiteratureEntry, { experimentId: id })).toBe(20);
      const titles = await Promise.all(Array.from({ length: 20 }, (_, index) => editors[index % 4]!.patch(`/experiments/${id}`, { title: `Title ${index}` }).set('if-match', `"${before + 20}"`)));
      expect(titles.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 412)]);
      expect(await versionOf(id)).toBe(before + 21);
    });

    it('reads and restores the first after 1,000 changes in less than five seconds', async () => {
      const id = await planned();
      const then = await versionOf(id);
      const desk = api.app.get(ExperimentsDesk);
      const actor = { id: owner.user.id } as Actor;
      for (let n = 0; n < 1000; n += 1) {
        await desk.change(actor, id, { action: 'experiments.update' }, async (set) => {
          await set.update(EXPERIMENT, set.experiment, { objective: `Objective ${n}` });
          return {};
        });
      }
      expect(await versionOf(id)).toBe(then + 1000);
      const timed = async (what: () => Promise<unknown>): Promise<number> => {
        const begun = performance.now();
        await what();
        return performance.now() - begun;
      };
      const read = await timed(async () => expect(((await owner.get(`/experiments/${id}/versions/${then}`).expect(200)).body as { state: { experiment: object[] } }).state.experiment).toMatchObject([{ objective: 'Crispness' }]));
      const restored = await timed(() => owner.post(`/experiments/${id}/versions/${then}/restore`, {}).expect(200));
      process.stderr.write(`the version 1,000 changes back: read in ${read.toFixed(0)} ms, restored in ${restored.toFixed(0)} ms\n`);
      expect((await owner.get(`/experiments/${id}`).expect(200)).body).toMatchObject({ objective: 'Crispness', version: then + 1001 });
      expect(Math.max(read, restored)).toBeLessThan(5000);
    }, 180_000);
  });

  describe('as a signed bundle', () => {
    let text: string;
    let id: string;
    beforeAll(async () => {
      id = await planned();
      const post = (path: string, part: object, status = 201) => owner.post(`/experiments/${id}/${path}`, part).expect(status);
      await csv(owner, id, 'run,Yield,repeat,actual: Temperature (°C)\n1,60,1,\n1,60.5,2,\n2,71.5,,\n3,642,,61.25\n4,70,,\n').expect(200);
      const wrong = (await valuesIn(id)).find(({ value }) => value === 642)!;
      await post('models', { response: 'Yield', preset: 'linear', label: 'too early' });
      await post(`results/${wrong.id}/correct`, { value: 64.2, reason: 'A point was forgotten' });
      await post('literature-data', { source: 'A paper', settings: { Temperature: 70, Catalyst: 'B' }, response: 'Yield', value: 64, weight: 0.5 });
      await owner.patch(`/experiments/${id}`, { title: 'Crust, again' }).expect(200);
      const { body: model } = await post('models', { response: 'Yield', terms: ['1', 'Temperature', 'Catalyst'], literature: true, repeats: 'separate' });
      await post(`models/${(model as Row).id}/predictions`, { points: [{ settings: { Temperature: 71, Catalyst: 'B' } }, { settings: { Temperature: 65, Catalyst: '=A' }, label: 'cooler' }] });
      await post('versions/8/restore', {}, 200);
      const { body: one } = await owner.get(`/experiments/${id}/runs?number=2`).expect(200);
      await owner.patch(`/experiments/${id}/runs/${(one as { data: Row[] }).data[0]!.id}`, { status: 'suspect', note: 'Smelled odd' }).expect(200);
      const { headers, text: downloaded } = await owner.get(`/experiments/${id}/bundle`).expect(200);
      expect(headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', 'content-disposition': `attachment; filename="experiment-${id}.json"` });
      text = downloaded;
    });

    const changed = (change: (bundle: Editable) => unknown): string => {
      const bundle = JSON.parse(text) as Editable;
      change(bundle);
      return JSON.stringify(bundle);
    };
    const faultOf = (bundle: string, key?: KeyObject): string => {
      try {
        verifyBundle(bundle, key);
      } catch (error) {
        return `${(error as BadBundle).kind}: ${(error as Error).message}`;
      }
      return 'none';
    };

    it('proves itself: from its rows every version and every figure of its models follow', () => {
      const { bundle, figures } = verifyBundle(text, api.app.get(AuditCheckpoints).publicKey);
      expect(bundle.models).toMatchObject([{ label: 'too early' }, { data: { rows: { length: 6 } } }]);
      expect(figures).toBeGreaterThan(200);
      expect(verifyBundle(JSON.stringify(JSON.parse(text), null, 2)).bundle.digest).toBe(bundle.digest);
    });

    it.each<[string, RegExp, (bundle: Editable) => unknown]>([
      ['a figure', /^figure: Model \S+: figures\.coefficients\[1\]\.estimate says 7; its data give -?\d+\.\d+\.$/, ({ models }) => (models[1]!.figures.coefficients[1]!.estimate = 7)],
      ['a figure that is missing', /^figure: .*figures\.summary\.press says nothing/, ({ models }) => delete (models[0]!.figures.summary as { press?: number }).press],
      ['a figure of a prediction', /^figure: Prediction \S+: figures\.mean says 7; its model gives -?\d+\.\d+\.$/, ({ predictions }) => (predictions[1]!.figures.mean = 7)],
      ['a value that a model was fitted to', /^value: .*data\.rows\[0\]\.values\[0\] says 99; the rows of the experiment give 60\.$/, ({ models }) => ((models[1]!.data.rows[0] as { values: number[] }).values = [99])],
      ['a result', /^value: .*data\.rows\[0\]\.values\[0\] says 60; the rows of the experiment give 99\.$/, ({ rows }) => (rows['result']!.find(({ value }) => value === 60)!['value'] = 99)],
      ['a setting', /^value: .*settings\[0\] says 61\.25; the rows of the experiment give 60\.$/, ({ rows }) => (rows['run-setting']!.find(({ actualNumber }) => actualNumber === 61.25)!['actualNumber'] = 60)],
      ['a row that no model rests on', /^version: Version \d+: experiment \S+: title became "Crust" then, and is "Crumb"\.$/, ({ rows }) => (rows['experiment']![0]!['title'] = 'Crumb')],
      ['a row that is missing', /^version: Version \d+ made or changed response .* not there/, ({ rows }) => (rows['response'] = rows['response']!.filter(({ name }) => name !== 'Loss'))],
      ['a version that is missing', /^version: Version 4 is missing/, ({ versions }) => versions.splice(3, 1)],
      ['a word', /^signature: /, ({ models }) => (models[0]!.label = 'the final one')],
      ['whose signature it is', /^signature: /, (bundle) => (bundle.signature = bundle.signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')))],
    ])('names %s', (_, fault, change) => {
      expect(faultOf(changed(change))).toMatch(fault);
    });

    it('is no bundle when it was cut off, is of another key, or is another file', () => {
      expect(faultOf(text.slice(0, -20))).toMatch(/^unreadable: .*cut off/);
      expect(faultOf('{"format":"provost experiment 1"}')).toMatch(/^unreadable: .*format/);
      expect(faultOf(changed((bundle) => (bundle.models[0]!.data = {} as never)))).toMatch(/^value: /);
      expect(faultOf(changed((bundle) => (bundle.versions = [null] as never)))).toMatch(/^(?:unreadable|version): /);
      expect(faultOf(text, generateKeyPairSync('ed25519').publicKey)).toMatch(/^other-key: /);
    });

    it('is verified by the command line, which needs no database', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
      const file = join(folder, 'bundle.json');
      writeFileSync(file, text);
      const right = await cli(['experiment', 'verify-bundle', file], { DATA_DIR: '/nowhere' });
      expect(right).toMatchObject({ code: 0, stdout: expect.stringMatching(/2 models and 2 predictions by Provost .* figures computed again.*\nSigned by key SHA256:/) as string });
      writeFileSync(file, changed(({ models }) => (models[0]!.figures.coefficients[0]!.estimate = 7)));
      const wrong = await cli(['experiment', 'verify-bundle', file], { DATA_DIR: '/nowhere' });
      expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('figures.coefficients[0].estimate says 7') as string });
      rmSync(folder, { recursive: true });
    });
  });
});

interface Editable extends Omit<Bundle, 'rows' | 'versions' | 'models' | 'predictions' | 'signature'> {
  rows: Record<string, Record<string, unknown>[]>;
  versions: object[];
  models: { label: string | null; data: { rows: object[] }; figures: { coefficients: { estimate: number }[]; summary: object } }[];
  predictions: { figures: { mean: number } }[];
  signature: string;
}
