import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StudyDay } from '../src/study/analytics/study-day.entity.js';
import { Document } from '../src/study/documents/document.entity.js';
import { Exercise } from '../src/study/exercises/exercise.entity.js';
import { Review } from '../src/study/exercises/review.entity.js';
import { StudyInterval } from '../src/study/sessions/study-interval.entity.js';
import { StudySession } from '../src/study/sessions/study-session.entity.js';
import { Erasure } from '../src/users/erasure/erasure.js';
import { PersonalData } from '../src/users/personal-data/personal-data.js';
import type { Api, Caller } from './support/api.js';
import { type Shown, Study, WORDS_A_PAGE } from './support/study.js';

describe('what was studied', () => {
  let study: Study;
  let api: Api;
  beforeAll(async () => {
    study = await Study.start();
    ({ api } = study);
  });
  afterAll(() => study.close());
  beforeEach(() => study.begin());

  describe('leaves and comes back', () => {
    const file = async (what: string, format: string, by: Caller = study.me): Promise<string> => (await by.get(`/study/export/${what}?format=${format}`).expect(200)).text;
    const bring = (what: string, text: string, type = 'text/csv', by: Caller = study.me) => by.post(`/study/import/${what}`).set('content-type', type).send(text);

    it.each([['csv', 'text/csv'], ['ndjson', 'application/x-ndjson']])('as %s: all of it to another account, once', async (format, type) => {
      const { id: documentId, sha256 } = await study.documentOf(study.user.user.id);
      await study.studied(12, { firstPage: 1, lastPage: 8, note: '=1+1' }, { documentId });
      await study.manual('2026-03-01T20:00:00Z', '2026-03-01T21:00:00Z').expect(201);
      const { body: exercise } = await study.me.post('/exercises', { documentId, question: '=SUM(A1)\nand "more"' }).expect(201);
      await study.me.post(`/exercises/${(exercise as Shown).id}/reviews`, { grade: 3, version: 1 }).expect(201);
      const files = { sessions: await file('sessions', format), exercises: await file('exercises', format), reviews: await file('reviews', format) };
      expect(Object.values(files).join('\n')).not.toMatch(/(?:^|,)=/m);

      const other = await api.signedIn();
      const theirs = await api.withKey(other);
      const copy = await study.documentOf(other.user.id);
      await api.db.update(Document, { id: copy.id }, { sha256 });
      for (const [what, imported] of [['sessions', 2], ['exercises', 1], ['reviews', 1]] as const) {
        expect((await bring(what, files[what], type, theirs).expect(200)).body).toEqual({ rows: imported, imported, duplicates: 0, passedOver: 0 });
        expect((await bring(what, files[what], type, theirs).expect(200)).body).toEqual({ rows: imported, imported: 0, duplicates: imported, passedOver: 0 });
        expect((await bring(what, files[what], type).expect(200)).body).toMatchObject({ imported: 0, duplicates: imported });
      }
      expect((await study.analytics('', theirs)).total).toEqual((await study.analytics()).total);
      expect((await theirs.get('/study-sessions').expect(200)).body).toMatchObject({ data: [{ origin: 'imported', documentId: copy.id, words: 8 * WORDS_A_PAGE, note: '=1+1' }, { origin: 'imported' }] });
      expect((await theirs.get('/exercises').expect(200)).body).toMatchObject({ data: [{ question: '=SUM(A1)\nand "more"', state: 'learning', documentId: copy.id }] });
      const [taken] = await api.db.findBy(Review, { ownerId: other.user.id });
      expect(await api.db.existsBy(Exercise, { id: taken!.exerciseId, ownerId: other.user.id })).toBe(true);
      await study.expectCounted(other.user.id);
    });

    it('all or nothing: each row that is not right is told, and none is taken', async () => {
      const rows = ['2026-03-01T10:00:00Z,2026-03-01T11:00:00Z,3', '2026-03-01T12:00:00Z,2026-03-01T11:00:00Z,3', 'yesterday,2026-03-01T11:00:00Z,3', '2026-03-01T13:00:00Z,2030-03-01T14:00:00Z,3', '2026-03-01T15:00:00Z,2026-03-01T16:00:00Z,-3', ',,'];
      const { body } = await bring('sessions', `startedAt,finishedAt,pages\n${rows.join('\n')}\n`).expect(422);
      expect((body as { errors: { line: number; column: string }[] }).errors.map(({ line, column }) => [line, column])).toEqual([[3, 'finishedAt'], [4, 'startedAt'], [5, 'finishedAt'], [6, 'pages'], [7, 'startedAt'], [7, 'finishedAt']]);
      expect(await api.db.countBy(StudySession, { ownerId: study.user.user.id })).toBe(0);
      await bring('reviews', 'exerciseId,number,grade,reviewedAt\nx,1,3,2026-03-01T10:00:00Z\n').expect(422);
      await bring('exercises', 'documentId,question\nx,Why?\n').expect(422);
      await bring('sessions', '{"startedAt":', 'application/x-ndjson').expect(400);
      await bring('secrets', 'a\nb\n').expect(404);
    });

    it('with the archive of what is held about a user, and goes with them', async () => {
      const { id: documentId } = await study.documentOf(study.user.user.id);
      const { id } = await study.studied(12, { firstPage: 1, lastPage: 8 }, { documentId });
      const { body: exercise } = await study.me.post('/exercises', { documentId, question: 'Why?' }).expect(201);
      await study.me.post(`/exercises/${(exercise as Shown).id}/reviews`, { grade: 3, version: 1 }).expect(201);
      const records = new Map<string, object[]>();
      for (const { path, rows } of api.app.get(PersonalData).files.filter((each) => /^study\/(?:sessions|exercises|days)/.test(each.path))) {
        const found: object[] = [];
        for await (const record of rows(study.user.user.id)) found.push(record);
        records.set(path, found);
      }
      expect(records.get('study/sessions.ndjson')).toMatchObject([{ id, intervals: [{ endedBy: 'finish' }], expected: { unit: 'word' } }]);
      expect(records.get('study/exercises.ndjson')).toMatchObject([{ record: 'exercise' }, { record: 'review', grade: 3 }]);
      expect(records.get('study/days.json')).toMatchObject([{ record: 'preferences' }, { record: 'day', pages: 8 }]);
      const erased = await api.app.get(Erasure).erase(study.user.user.id);
      expect(erased).toMatchObject({ study_sessions: 1, study_intervals: 1, study_estimates: 1, study_days: 1, study_reviews: 1, study_profiles: 1 });
      for (const entity of [StudySession, StudyInterval, StudyDay, Review, Exercise]) expect(await api.db.countBy(entity, { ownerId: study.user.user.id })).toBe(0);
    });

    it('passes over what lies in the time of another session', async () => {
      await study.manual('2026-03-01T10:00:00Z', '2026-03-01T11:00:00Z').expect(201);
      const { body } = await bring('sessions', 'startedAt,finishedAt\n2026-03-01T10:30:00Z,2026-03-01T11:30:00Z\n2026-03-01T11:30:00Z,2026-03-01T12:00:00Z\n2026-03-01T11:45:00Z,2026-03-01T12:15:00Z\n').expect(200);
      expect(body).toEqual({ rows: 3, imported: 1, duplicates: 0, passedOver: 2 });
      await study.expectCounted();
    });
  });

  describe('comes from KOReader', () => {
    const BEGIN = Date.parse('2026-03-01T20:00:00Z') / 1000;
    const TABLES = 'CREATE TABLE book (id INTEGER PRIMARY KEY, title TEXT, authors TEXT, md5 TEXT); CREATE TABLE page_stat_data (id_book INTEGER, page INTEGER, start_time INTEGER, duration INTEGER, total_pages INTEGER);';

    /** A database file with what these statements make of it. */
    function database(statements: string): Buffer {
      const Database = createRequire(import.meta.url)('libsql') as new (path: string) => { exec(sql: string): void; close(): void };
      const folder = mkdtempSync(join(tmpdir(), 'koreader-test-'));
      const path = join(folder, 'statistics.sqlite3');
      const db = new Database(path);
      db.exec(statements);
      db.close();
      const bytes = readFileSync(path);
      rmSync(folder, { recursive: true });
      return bytes;
    }

    const bring = (file: Buffer) => study.me.post('/study/import/koreader').set('content-type', 'application/vnd.sqlite3').send(file as unknown as string);
    const read = (page: number, at: number, book = 1): string => `INSERT INTO page_stat_data VALUES (${book}, ${page}, ${BEGIN + at}, 60, 100);`;

    it('as sessions of one’s documents, each once, however often the file is sent', async () => {
      const { id: documentId } = await study.documentOf(study.user.user.id);
      const statements = `${TABLES} INSERT INTO book VALUES (1, 'thermodynamics', 'N. N.', 'abc'), (2, 'A novel', 'N. N.', 'def'); ${[1, 2, 3].map((page) => read(page, page * 60)).join('')} ${read(9, 7200, 2)}`;
      expect((await bring(database(statements)).expect(200)).body).toEqual({ rows: 2, imported: 2, duplicates: 0, passedOver: 0 });
      const { body } = await study.me.get('/study-sessions?sort=startedAt').expect(200);
      expect(body).toMatchObject({ data: [{ origin: 'imported', documentId, activeSeconds: 180, pages: 3, words: 3 * WORDS_A_PAGE, startedAt: '2026-03-01T20:01:00.000Z' }, { documentId: null, note: 'A novel', pages: 1, words: null }] });
      const more = `${statements} ${read(50, 20_000)} INSERT INTO page_stat_data VALUES (1, -1, 0, 60, 100), (1, 1, ${BEGIN + 1e9}, 60, 100);`;
      expect((await bring(database(more)).expect(200)).body).toEqual({ rows: 3, imported: 1, duplicates: 2, passedOver: 2 });
      await study.expectCounted();
    });

    it('but not as a file that means harm: it is refused, and nothing of it stays', async () => {
      const good = database(`${TABLES} ${Array.from({ length: 200 }, (_, page) => read(page + 1, page * 60)).join('')}`);
      const endless = 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS id_book, x AS page, x AS start_time, 1 AS duration, 1 AS total_pages FROM n';
      const broken = Buffer.from(good);
      broken.fill(0xff, 100, 4096);
      const files: Record<string, Buffer> = {
        text: Buffer.from('SQLite format 3'), zip: Buffer.concat([Buffer.from('PK'), good]), header: Buffer.concat([good.subarray(0, 16), Buffer.alloc(4096, 7)]), broken,
        truncated: good.subarray(0, 5000), other: database('CREATE TABLE secrets (id INTEGER);'), view: database(`CREATE TABLE book (id INTEGER, title TEXT, authors TEXT, md5 TEXT); CREATE VIEW page_stat_data AS ${endless};`),
        computed: database('CREATE TABLE book (id INTEGER, title TEXT, authors TEXT, md5 TEXT); CREATE TABLE page_stat_data (id_book INTEGER, page INTEGER, start_time INTEGER, duration INTEGER, total_pages INTEGER AS (length(zeroblob(1000000000))));'),
        columns: database('CREATE TABLE book (id INTEGER); CREATE TABLE page_stat_data (id_book INTEGER);'),
      };
      for (const [name, file] of Object.entries(files)) {
        const { status, body } = await bring(file);
        expect([name, status, (body as { code: string }).code]).toEqual([name, 422, 'study.koreader']);
      }
      expect(readdirSync(api.settings.dataDir).filter((name) => name.startsWith('koreader-'))).toEqual([]);
      expect(await api.db.countBy(StudySession, { ownerId: study.user.user.id })).toBe(0);
      await study.me.post('/study/import/koreader').set('content-type', 'text/csv').send('a').expect(415);
    }, 60_000);
  });
});
