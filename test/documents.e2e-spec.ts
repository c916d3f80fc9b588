import { jest } from '@jest/globals';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { fromBuffer } from 'yauzl';
import { Jobs } from '../src/platform/jobs/jobs.js';
import { newId } from '../src/platform/ids/ids.js';
import { Permission } from '../src/access/permission.js';
import { Document } from '../src/study/documents/document.entity.js';
import { DocumentPage } from '../src/study/documents/document-page.entity.js';
import { LooseFile } from '../src/study/storage/loose-file.entity.js';
import { StorageAccount } from '../src/study/storage/storage-account.entity.js';
import { StorageAccounts } from '../src/study/storage/storage-accounts.js';
import { Topic } from '../src/study/topics/topic.entity.js';
import { TopicsService } from '../src/study/topics/topics.service.js';
import { Api, type Caller, PASSWORD, type SignedInCaller } from './support/api.js';
import { deepPdf, encryptedPdf, formBomb, packedBomb, pdfOfSize, textPdf } from './support/pdf.js';
import { S3Server } from './support/s3-server.js';
import { until } from './support/until.js';
import { type Answered, endlessUpload, upload as uploadTo, type UploadOptions } from './support/uploads.js';

const MB = 1024 * 1024;
const LARGEST = 8 * MB;
const QUOTA = 64 * MB;

describe('topics and documents', () => {
  let api: Api;
  let ada: SignedInCaller;
  beforeAll(async () => {
    api = await Api.start({ documentMaxBytes: LARGEST, documentQuotaBytes: QUOTA });
    ada = await api.signedIn();
  });
  afterAll(() => api.close());

  let made = 0;
  /** A file that nobody has uploaded before. */
  const fresh = (...lines: string[]): Buffer => textPdf(lines.length > 0 ? lines : [`a page of text, number ${(made += 1)}`]);
  const upload = (caller: Caller, file: Buffer, options?: UploadOptions): Promise<Answered> => uploadTo(api, caller, file, options);
  const uploaded = async (caller: Caller, file = fresh(), options?: UploadOptions): Promise<Answered['body']> => {
    const { status, body } = await upload(caller, file, options);
    expect(body).toMatchObject({ state: 'processing' });
    expect(status).toBe(201);
    return body;
  };
  const readTexts = () => api.app.get(Jobs).run('study.read-documents');
  const used = (user: SignedInCaller) => api.app.get(StorageAccounts).used(user.user.id);
  const files = (folder: 'files' | 'incoming'): string[] => {
    const path = join(api.settings.dataDir, 'documents', folder);
    return existsSync(path) ? readdirSync(path) : [];
  };
  /** What is kept for somebody, in the database and on the disk. */
  const traces = async (user: SignedInCaller) => ({
    documents: await api.db.countBy(Document, { ownerId: user.user.id }), loose: await api.db.countBy(LooseFile, { ownerId: user.user.id }), used: await used(user), incoming: files('incoming').length,
  });
  const NOTHING = { documents: 0, loose: 0, used: 0, incoming: 0 };

  describe('topics', () => {
    const topic = async (user: Caller, name: string, terms: object = {}): Promise<{ id: string; position: number; version: number }> => (await user.post('/topics', { name, ...terms }).expect(201)).body;
    const names = async (user: Caller, query: string): Promise<string> => (await user.get(`/topics?${query}`).expect(200)).body.data.map((each: { name: string }) => each.name).join(' ');

    it('are nested, ordered and coloured; what lies in a removed one moves up', async () => {
      const user = await api.signedIn();
      const maths = await topic(user, 'maths', { colour: '#a0c4ff' });
      const physics = await topic(user, 'physics', { position: 0 });
      expect(await names(user, 'level=top')).toBe('physics maths');
      const algebra = await topic(user, 'algebra', { parentId: maths.id });
      await topic(user, 'groups', { parentId: algebra.id });
      const { id } = await uploaded(user, fresh(), { fields: { topicId: algebra.id } });
      await user.patch(`/topics/${physics.id}`, { position: 5, colour: 'red' }).expect(400);
      await user.patch(`/topics/${physics.id}`, { position: 5, name: 'Physics' }).expect(200);
      expect(await names(user, 'level=top')).toBe('maths Physics');
      await user.delete(`/topics/${algebra.id}`).expect(200, { id: algebra.id, name: 'algebra' });
      expect(await names(user, `parentId=${maths.id}`)).toBe('groups');
      expect((await user.get(`/documents/${id}`).expect(200)).body.topicId).toBe(maths.id);
      await user.patch(`/topics/${physics.id}`, { name: 'x' }).set('if-match', '"1"').expect(412);
    });

    it('that go while a document is put into them are not there', async () => {
      const user = await api.signedIn();
      const { id } = await uploaded(user);
      const gone = await topic(user, 'gone');
      const topics = api.app.get(TopicsService);
      const mustOwn = topics.mustOwn.bind(topics);
      // In the request's own transaction: on the embedded engine no other one could come between.
      const removing: typeof mustOwn = async (tx, actor, topicId) => {
        const known = await mustOwn(tx, actor, topicId);
        if (tx.queryRunner) await tx.delete(Topic, { id: topicId });
        return known;
      };
      const found = jest.spyOn(topics, 'mustOwn').mockImplementation(removing);
      const moved = await user.patch(`/documents/${id}`, { topicId: gone.id });
      const added = await upload(user, fresh(), { fields: { topicId: gone.id } });
      found.mockRestore();
      expect([moved.body, added.body]).toMatchObject([{ code: 'topic.not-found', status: 404 }, { code: 'topic.not-found', status: 404 }]);
      expect(await traces(user)).toMatchObject({ documents: 1, loose: 0 });
    });

    it('make no circle, not even by two moves at once, and are not nested without end', async () => {
      const user = await api.signedIn();
      const a = await topic(user, 'a');
      const b = await topic(user, 'b');
      const statuses = (await Promise.all([user.patch(`/topics/${a.id}`, { parentId: b.id }), user.patch(`/topics/${b.id}`, { parentId: a.id })])).map(({ status }) => status);
      expect(statuses.sort()).toEqual([200, 422]);
      expect((await user.patch(`/topics/${a.id}`, { parentId: a.id }).expect(422)).body.code).toBe('topics.cycle');
      let parentId: string | null = null;
      for (let depth = 1; depth <= 8; depth += 1) parentId = (await topic(user, `level ${depth}`, { parentId })).id;
      expect((await user.post('/topics', { name: 'too deep', parentId }).expect(422)).body.code).toBe('topics.too-deep');
    });
  });

  describe('an upload', () => {
    it('is kept as it came, its text read page by page and found by its owner alone', async () => {
      const user = await api.signedIn();
      const other = await api.signedIn();
      const file = fresh('Eigenvalues of a symmetric matrix are real', '', 'The r\u00e9sum\u00e9 of all that: orthogonal eigenvectors');
      const document = await uploaded(user, file, { fileName: 'Linear_algebra.pdf' });
      expect(document).toMatchObject({ title: 'Linear algebra', fileName: 'Linear_algebra.pdf', pages: 3, bytes: file.length, sha256: createHash('sha256').update(file).digest('hex'), topicId: null, progressPage: 0 });
      await uploaded(other, fresh('Eigenvalues are nobody else’s'));
      await readTexts();
      expect((await user.get(`/documents/${document.id}`)).body).toMatchObject({ state: 'ready', failure: null, words: 14, pagesWithText: 2 });

      const { body: text } = await user.get(`/documents/${document.id}/text?from=1&to=2`).expect(200);
      expect(text).toMatchObject({ documentId: document.id, nextPage: null, pages: [{ number: 1, words: 7, text: 'Eigenvalues of a symmetric matrix are real' }, { number: 2, words: 0, text: '' }] });

      const found = async (q: string): Promise<number[]> => (await user.get(`/documents/search?q=${encodeURIComponent(q)}`).expect(200)).body.data.map(({ page }: { page: number }) => page);
      expect(await found('EIGENV')).toEqual(expect.arrayContaining([1, 3]));
      expect(await found('eigenv symmetric')).toEqual([1]);
      expect(await found('resume of all')).toEqual([3]);
      expect(await found('are re')).toEqual([1]);
      expect(await found('nobody')).toEqual([]);
      expect(await found('"+-*()~<>@ \' OR 1')).toEqual([]);
      const { body: hits } = await user.get('/documents/search?q=orthogonal').expect(200);
      expect(hits.data).toEqual([{ documentId: document.id, title: 'Linear algebra', page: 3, snippet: expect.stringContaining('orthogonal eigenvectors') }]);

      const { body: bytes } = await user.get(`/documents/${document.id}/file`).expect(200);
      expect(file.equals(bytes as Buffer)).toBe(true);
    });

    it.each([
      ['with a path', '../../../etc/passwd', 'passwd.pdf'],
      ['with a NUL', 'in\u0000voice.pdf', 'invoice.pdf'],
      ['that turns its ending round', 'invoice\u202efdp.exe', 'invoicefdp.exe.pdf'],
      ['of 10 kB', `${'a'.repeat(10_000)}.pdf`, `${'a'.repeat(150)}.pdf`],
      ['that is empty', '', 'document.pdf'],
    ])('under a name %s is kept and offered under one that harms nobody', async (_, fileName, safe) => {
      const { id } = await uploaded(ada, fresh(), { fileName });
      const response = await ada.get(`/documents/${id}/file`).expect(200);
      expect(response.headers['content-disposition']).toBe(`attachment; filename="${safe}"; filename*=UTF-8''${safe}`);
      expect(files('files').every((name) => /^[0-9a-f-]{36}\.pdf$/.test(name))).toBe(true);
    });

    it.each([
      ['a ZIP that is called .pdf', () => Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(5000, 7)]), 'documents.no-pdf'],
      ['an empty file', () => Buffer.alloc(0), 'documents.no-pdf'],
      ['a PDF that is cut off', () => fresh('one', 'two', 'three').subarray(0, 700), 'documents.unreadable'],
      ['the beginning of a PDF and nothing else', () => Buffer.from('%PDF-1.7\n'), 'documents.unreadable'],
      ['an encrypted PDF', () => encryptedPdf(), 'documents.encrypted'],
      ['a page twenty thousand levels deep', () => deepPdf(20_000), 'documents.unreadable'],
      // On a busy machine the time is up first.
      ['a page of 400 MB in 400 KB', () => packedBomb(400), /^study\.(?:memory|time)-limit$/],
    ])('is refused when it is %s, and leaves nothing', async (_, file, code) => {
      const user = await api.signedIn();
      const { status, body } = await upload(user, file());
      expect(status).toBe(422);
      expect(body.code).toMatch(code);
      expect(await traces(user)).toEqual(NOTHING);
    });

    it('takes so long and no longer to check, and others go on', async () => {
      const user = await api.signedIn();
      const { studySeconds } = api.settings;
      // Of this file alone: to a busy machine that may be little for any other.
      api.settings.studySeconds = 3;
      const { status, body } = await upload(user, formBomb(8, 40));
      api.settings.studySeconds = studySeconds;
      expect(status).toBe(422);
      expect(body.code).toMatch(/^study\.(?:time|memory)-limit$/);
      expect(await traces(user)).toEqual(NOTHING);
      await uploaded(user);
    });

    it('may have a huge page, which nobody draws; where even its text takes too much, the file stays all the same', async () => {
      const { id } = await uploaded(ada, textPdf(['huge'], { mediaBox: '[0 0 1000000 1000000]' }));
      const { id: larger } = await uploaded(ada, textPdf(['larger'], { mediaBox: '[0 0 1000000000 1000000000]' }));
      await readTexts();
      expect((await ada.get(`/documents/${id}`)).body).toMatchObject({ state: 'ready', words: 1 });
      expect((await ada.get(`/documents/${larger}`)).body).toMatchObject({ state: 'failed', failure: 'study.memory-limit', words: 0 });
      await ada.get(`/documents/${larger}/file`).expect(200);
    });

    it('needs a form with one file and fields that are known', async () => {
      const refused = async (options: UploadOptions, status: number): Promise<void> => expect((await upload(ada, fresh(), options)).status).toBe(status);
      await refused({ fields: { titel: 'x' } }, 400);
      await refused({ fields: { title: 'a\u0007b' } }, 400);
      await refused({ fields: { topicId: 'no id' } }, 400);
      await refused({ fields: { topicId: newId() } }, 404);
      await refused({ headers: { 'content-type': 'multipart/form-data' } }, 415);
      await refused({ headers: { 'content-type': 'multipart/form-data; boundary=other' } }, 400);
      await ada.post('/documents', { title: 'x' }).expect(415);
      const { body } = await upload(ada, fresh(), { fields: { title: '  Ma\u0308rchen ' } });
      expect(body.title).toBe('M\u00e4rchen');
    });

    it('of a gigabyte is refused without being read to its end, whether it says so or not, also when its sender goes on', async () => {
      const user = await api.signedIn();
      for (const [declared, atMost] of [[1024 * MB, MB], [undefined, LARGEST]] as const) {
        const endless = endlessUpload(api, user, declared);
        const { status, body } = await endless.answered;
        expect({ status, code: (JSON.parse(body) as { code: string }).code }).toEqual({ status: 413, code: 'documents.too-large' });
        await endless.ended;
        process.stderr.write(`a gigabyte ${declared === undefined ? 'in chunks' : 'declared'}: ${(endless.sent() / MB).toFixed(1)} MB went out\n`);
        // Buffers of both ends of the connection take some more.
        expect(endless.sent()).toBeLessThan(atMost + 16 * MB);
      }
      expect(await traces(user)).toEqual(NOTHING);
    });

    it('that breaks off leaves nothing, and holds no more memory the longer it is', async () => {
      const user = await api.signedIn();
      const { documentMaxBytes, documentQuotaBytes } = api.settings;
      Object.assign(api.settings, { documentMaxBytes: 512 * MB, documentQuotaBytes: 1024 * MB });
      const endless = endlessUpload(api, user);
      await until(() => endless.sent() > 32 * MB);
      const before = process.memoryUsage().rss;
      let largest = before;
      await until(() => {
        largest = Math.max(largest, process.memoryUsage().rss);
        return endless.sent() > 288 * MB;
      }, 120_000);
      endless.breakOff();
      Object.assign(api.settings, { documentMaxBytes, documentQuotaBytes });
      await until(async () => (await traces(user)).loose === 0);
      expect(await traces(user)).toEqual(NOTHING);
      process.stderr.write(`256 MB more of one upload: the process, its client included, ${((largest - before) / MB).toFixed(1)} MB larger\n`);
      expect(largest - before).toBeLessThan(64 * MB);
    }, 180_000);

    it('is one document, however often and at once the same file comes; the others are led to it', async () => {
      const user = await api.signedIn();
      const file = fresh();
      const answers = await Promise.all(Array.from({ length: 5 }, () => upload(user, file)));
      const [winner, ...others] = answers.filter(({ status }) => status === 201);
      expect(others).toEqual([]);
      const losers = answers.filter(({ status }) => status === 409);
      expect(losers).toHaveLength(4);
      for (const { body } of losers) expect(body).toMatchObject({ code: 'documents.duplicate', documentId: winner!.body.id, document: `/api/v1/documents/${winner!.body.id}` });
      expect(await traces(user)).toEqual({ documents: 1, loose: 0, used: file.length, incoming: 0 });
      // It is another user's own file as well.
      await uploaded(await api.signedIn(), file);
    });

    it('keeps the quota to the byte, with twenty at once', async () => {
      const user = await api.signedIn();
      const bytes = 200_000;
      const { documentQuotaBytes } = api.settings;
      api.settings.documentQuotaBytes = Math.floor(bytes * 7.5);
      const answers = await Promise.all(Array.from({ length: 20 }, (_, number) => upload(user, pdfOfSize(bytes, `quota ${number}`))));
      api.settings.documentQuotaBytes = documentQuotaBytes;
      const won = answers.filter(({ status }) => status === 201);
      expect(won).toHaveLength(7);
      for (const { status, body } of answers.filter((each) => !won.includes(each))) expect({ status, code: body.code }).toEqual({ status: 422, code: 'documents.quota' });
      expect(await traces(user)).toEqual({ documents: 7, loose: 0, used: 7 * bytes, incoming: 0 });
      await user.delete(`/documents/${won[0]!.body.id}`).expect(200);
      expect(await used(user)).toBe(6 * bytes);
    });

    it('repeated with its Idempotency-Key is answered as before', async () => {
      const file = fresh();
      const headers = { 'idempotency-key': newId() };
      const first = await upload(ada, file, { headers });
      const again = await upload(ada, file, { headers });
      expect(again.status).toBe(201);
      expect(again.body).toEqual(first.body);
      expect((await upload(ada, fresh(), { headers })).body.code).toBe('idempotency.other-request');
      expect(await traces(ada)).toMatchObject({ loose: 0, incoming: 0 });
    });

    it('that a crash left half-way is given up after an hour, its room given back', async () => {
      const user = await api.signedIn();
      await uploaded(user);
      const before = await used(user);
      const file = await api.app.get(StorageAccounts).reserve(user.user.id, 5000, true);
      expect(await used(user)).toBe(before + 5000);
      await api.app.get(Jobs).run('study.sweep-files');
      expect(await used(user)).toBe(before + 5000);
      api.clock.advanceSeconds(3601);
      await api.app.get(Jobs).run('study.sweep-files');
      expect(await used(user)).toBe(before);
      expect(await api.db.countBy(LooseFile, { id: file.id })).toBe(0);
      api.clock.advanceSeconds(-3601);
    });
  });

  describe('a document', () => {
    it('is downloaded whole or in ranges, as a file that no browser runs', async () => {
      const file = fresh();
      const { id } = await uploaded(ada, file);
      const get = (headers: Record<string, string> = {}) => ada.get(`/documents/${id}/file`).set(headers);
      const whole = await get().expect(200);
      expect(whole.headers).toMatchObject({
        'content-type': 'application/pdf', 'content-length': String(file.length), 'accept-ranges': 'bytes', 'x-content-type-options': 'nosniff', 'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
      });
      const { etag } = whole.headers as { etag: string };
      const part = await get({ range: 'bytes=5-9', 'if-range': etag }).expect(206);
      expect(part.headers).toMatchObject({ 'content-range': `bytes 5-9/${file.length}`, 'content-length': '5' });
      expect((part.body as Buffer).equals(file.subarray(5, 10))).toBe(true);
      expect(((await get({ range: 'bytes=5-9', 'if-range': '"other"' }).expect(200)).body as Buffer).length).toBe(file.length);
      const outside = await get({ range: `bytes=${file.length}-` }).expect(416);
      expect(outside.headers).toMatchObject({ 'content-range': `bytes */${file.length}`, 'content-type': 'application/problem+json; charset=utf-8' });
      await get({ 'if-none-match': etag }).expect(304);
      const head = await fetch(`${api.url}/api/v1/documents/${id}/file`, { method: 'HEAD', headers: { authorization: `Bearer ${ada.credential}` } });
      expect([head.status, head.headers.get('content-length')]).toEqual([200, String(file.length)]);
    });

    it('keeps its place and progress when its file is replaced by a longer one', async () => {
      const user = await api.signedIn();
      const document = await uploaded(user, fresh(...Array.from({ length: 20 }, (_, page) => `old page ${page}`)));
      const path = `/documents/${document.id}`;
      await readTexts();
      expect((await user.patch(path, { progressPage: 21 }).expect(422)).body.code).toBe('documents.beyond-last-page');
      await user.patch(path, { progressPage: 10, title: 'Second edition' }).expect(200);
      const file = fresh(...Array.from({ length: 30 }, (_, page) => `new page ${page}`));
      expect((await upload(user, file, { method: 'PUT', path: `${path}/file`, headers: { 'if-match': '"1"' } })).status).toBe(412);
      const { status, body } = await upload(user, file, { method: 'PUT', path: `${path}/file`, headers: { 'if-match': '"2"' } });
      expect({ status, body }).toMatchObject({ status: 200, body: { id: document.id, title: 'Second edition', pages: 30, progressPage: 15, state: 'processing', words: 0, version: 3 } });
      expect((await user.get('/documents/search?q=old')).body.data).toEqual([]);
      await readTexts();
      expect((await user.get('/documents/search?q=new')).body.data).toHaveLength(20);
      expect(await traces(user)).toEqual({ documents: 1, loose: 0, used: file.length, incoming: 0 });
      expect((await upload(user, file, { method: 'PUT', path: `${path}/file` })).body.code).toBe('documents.duplicate');
    });

    it('is gone with its file and its text when it is deleted', async () => {
      const user = await api.signedIn();
      const { id } = await uploaded(user);
      await readTexts();
      const { fileId } = await api.db.findOneByOrFail(Document, { id });
      expect(files('files')).toContain(`${fileId}.pdf`);
      await user.delete(`/documents/${id}`).expect(200);
      expect(files('files')).not.toContain(`${fileId}.pdf`);
      expect(await api.db.countBy(DocumentPage, { documentId: id })).toBe(0);
      expect(await traces(user)).toEqual(NOTHING);
      await user.get(`/documents/${id}/file`).expect(404);
    });

    it('says why its text is not to be had, and stays', async () => {
      const { id } = await uploaded(ada);
      await api.db.update(Document, { id }, { attempts: 3 });
      await readTexts();
      expect((await ada.get(`/documents/${id}`)).body).toMatchObject({ state: 'failed', failure: 'study.interrupted' });
      await ada.get(`/documents/${id}/file`).expect(200);
    });

    it('whose text could not be read is read again when its owner asks, and only then', async () => {
      const user = await api.signedIn();
      const { id } = await uploaded(user, fresh('legible after all'));
      const again = () => user.post(`/documents/${id}/text`);
      expect((await again().expect(409)).body).toMatchObject({ code: 'documents.text-not-failed', state: 'processing' });
      await api.db.update(Document, { id }, { attempts: 3 });
      await readTexts();
      expect((await user.get(`/documents/${id}`)).body).toMatchObject({ state: 'failed', failure: 'study.interrupted' });
      await ada.post(`/documents/${id}/text`).expect(404);
      const asked = await Promise.all([again(), again()]);
      expect(asked.map(({ status }) => status).sort()).toEqual([202, 409]);
      expect(asked.find(({ status }) => status === 202)!.body).toMatchObject({ id, state: 'processing', failure: null });
      await readTexts();
      expect((await user.get(`/documents/${id}`)).body).toMatchObject({ state: 'ready', failure: null, words: 3 });
      expect((await user.get('/documents/search?q=legible')).body.data).toHaveLength(1);
      expect((await again().expect(409)).body).toMatchObject({ state: 'ready' });
      await user.post(`/documents/${newId()}/text`).expect(404);
    });

    it('whose stored file is missing says so and how to mend it; all else goes on', async () => {
      const user = await api.signedIn();
      const file = fresh('still known');
      const { id } = await uploaded(user, file, { fileName: 'lost.pdf' });
      await readTexts();
      const lose = async (): Promise<string> => {
        const { fileId } = await api.db.findOneByOrFail(Document, { id });
        rmSync(join(api.settings.dataDir, 'documents', 'files', `${fileId}.pdf`));
        return fileId;
      };
      const lost = await lose();
      const told = jest.spyOn(Logger.prototype, 'warn');
      for (const headers of [{}, { range: 'bytes=0-9' }]) {
        const answer = await user.get(`/documents/${id}/file`).set(headers).expect(410);
        expect(answer.body).toMatchObject({ code: 'documents.file-missing', detail: expect.stringContaining('PUT') });
        expect(answer.headers).not.toHaveProperty('content-disposition');
      }
      expect(told.mock.calls.filter(([line]) => String(line).includes(lost))).toHaveLength(1);
      told.mockRestore();
      expect((await user.get(`/documents/${id}/text`).expect(200)).body.pages).toMatchObject([{ text: 'still known' }]);
      expect((await user.get('/documents').expect(200)).body.data).toMatchObject([{ id }]);
      const archive = await archiveOf(api, user);
      expect([...archive.keys()].filter((path) => path.startsWith('documents/'))).toEqual([`documents/${id}/lost.pdf.missing.txt`]);
      expect(JSON.parse(archive.get('documents.ndjson')!.toString())).toMatchObject({ id });

      const again = () => upload(user, file, { method: 'PUT', path: `/documents/${id}/file`, fileName: 'lost.pdf' });
      expect(await upload(user, file)).toMatchObject({ status: 409, body: { documentId: id } });
      expect(await again()).toMatchObject({ status: 200, body: { id, state: 'processing' } });
      expect((await user.get(`/documents/${id}/file`).expect(200)).body).toEqual(file);
      expect(await again()).toMatchObject({ status: 409, body: { code: 'documents.duplicate' } });
      await lose();
      await readTexts();
      expect((await user.get(`/documents/${id}`).expect(200)).body).toMatchObject({ state: 'failed', failure: 'documents.file-missing' });
      await user.delete(`/documents/${id}`).expect(200);
      expect(await traces(user)).toEqual(NOTHING);
    });

    it('whose stored file is missing is erased with its owner', async () => {
      const user = await api.signedIn();
      const { id } = await uploaded(user);
      const { fileId } = await api.db.findOneByOrFail(Document, { id });
      rmSync(join(api.settings.dataDir, 'documents', 'files', `${fileId}.pdf`));
      await (await api.admin()).post(`/admin/users/${user.user.id}/erase`, { reason: 'a test', confirm: user.user.username }).expect(200);
      expect(await traces(user)).toEqual(NOTHING);
    });

    it('is listed with filters', async () => {
      const user = await api.signedIn();
      const { body: topic } = await user.post('/topics', { name: 'x' }).expect(201);
      const a = await uploaded(user, fresh(), { fields: { title: 'Analysis', topicId: topic.id } });
      await uploaded(user, fresh(), { fields: { title: 'Botany' } });
      const titles = async (query: string): Promise<string[]> => (await user.get(`/documents?${query}`).expect(200)).body.data.map(({ title }: { title: string }) => title);
      expect(await titles('sort=title')).toEqual(['Analysis', 'Botany']);
      expect(await titles(`topicId=${topic.id}`)).toEqual(['Analysis']);
      expect(await titles('q=bot')).toEqual(['Botany']);
      expect(await titles(`sha256=${String(a.sha256)}`)).toEqual(['Analysis']);
      await user.get('/documents?sort=fileId').expect(400);
    });
  });

  it('is nobody else’s: whatever they try, it is not there for them', async () => {
    const owner = await api.signedIn();
    const { body: topic } = await owner.post('/topics', { name: 'mine' }).expect(201);
    const document = await uploaded(owner, fresh(), { fields: { topicId: topic.id } });
    const own = await uploaded(ada);
    const others = [ada, await api.admin(), await api.staff(3)];
    for (const other of others) {
      const expected = other === ada ? 404 : 401;
      for (const path of [`/documents/${document.id}`, `/documents/${document.id}/file`, `/documents/${document.id}/text`, `/topics/${topic.id}`]) await other.get(path).expect(expected);
      for (const path of [`/documents/${document.id}`, `/topics/${topic.id}`]) {
        await other.patch(path, {}).expect(expected);
        await other.put(path, {}).expect(expected);
        await other.delete(path).expect(expected);
      }
      await other.post(`/documents/${document.id}/text`).expect(expected);
      expect((await upload(other, fresh(), { method: 'PUT', path: `/documents/${document.id}/file` })).status).toBe(expected);
    }
    await ada.post('/topics', { name: 'in yours', parentId: topic.id }).expect(404);
    await ada.patch(`/documents/${own.id}`, { topicId: topic.id }).expect(404);
    expect((await upload(ada, fresh(), { fields: { topicId: topic.id } })).status).toBe(404);
    expect((await ada.get(`/documents?id=${document.id}&id=${own.id}`)).body.data.map(({ id }: { id: string }) => id)).toEqual([own.id]);
    const unknown = await ada.get(`/documents/${newId()}`);
    const foreign = await ada.get(`/documents/${document.id}`);
    expect({ ...foreign.body, instance: '', requestId: '' }).toEqual({ ...unknown.body, instance: '', requestId: '' });
    expect(await api.db.findOneBy(Topic, { id: topic.id })).toMatchObject({ name: 'mine', version: 1 });
    expect((await owner.get(`/documents/${document.id}`)).body).toEqual(document);
  });

  it('is read and written by API keys that may', async () => {
    const reader = await api.withKey(ada, { scopes: [Permission.StudyRead] });
    await reader.get('/documents').expect(200);
    expect((await upload(reader, fresh())).status).toBe(403);
    await reader.post(`/documents/${newId()}/text`).expect(403);
    await uploaded(await api.withKey(ada, { scopes: [Permission.StudyRead, Permission.StudyWrite] }));
  });

  it('is in the archive of its owner, PDF included, and goes when they are erased', async () => {
    const user = await api.signedIn();
    const admin = await api.admin();
    const file = fresh();
    const document = await uploaded(user, file, { fileName: 'mine.pdf' });
    await readTexts();
    const { fileId } = await api.db.findOneByOrFail(Document, { id: document.id });
    const archive = await archiveOf(api, user);
    expect(archive.get(`documents/${document.id}/mine.pdf`)?.equals(file)).toBe(true);
    expect(JSON.parse(archive.get('documents.ndjson')!.toString())).toMatchObject({ id: document.id, sha256: document.sha256 });

    await user.delete('/users/me', { password: PASSWORD }).expect(200);
    expect(files('files')).toContain(`${fileId}.pdf`);
    await admin.post(`/admin/users/${user.user.id}/erase`, { reason: 'a test', confirm: user.user.username }).expect(200);
    expect(files('files')).not.toContain(`${fileId}.pdf`);
    expect(await api.db.countBy(DocumentPage, { documentId: document.id })).toBe(0);
    expect(await api.db.countBy(StorageAccount, { ownerId: user.user.id })).toBe(0);
  });
});

describe('documents in a bucket', () => {
  let s3: S3Server;
  let api: Api;
  beforeAll(async () => {
    s3 = await S3Server.start();
    api = await Api.start({ s3Bucket: 'books', s3Endpoint: s3.url, s3PathStyle: true, s3AccessKeyId: 'id', s3SecretAccessKey: 'secret', s3Prefix: 'kept/' });
  });
  afterAll(async () => {
    await api.close();
    await s3.stop();
  });

  it.each([['small', 50_000], ['larger than a part', 12 * MB]])('a %s one is stored, read in ranges and text, and deleted', async (_, bytes) => {
    const user = await api.signedIn();
    const file = pdfOfSize(bytes, 'stored elsewhere');
    const { status, body: document } = await uploadTo(api, user, file);
    expect(status).toBe(201);
    const { fileId } = await api.db.findOneByOrFail(Document, { id: document.id });
    expect(s3.objects.get(`/books/kept/${fileId}.pdf`)?.equals(file)).toBe(true);
    expect(readdirSync(join(api.settings.dataDir, 'documents', 'incoming'))).toEqual([]);
    await api.app.get(Jobs).run('study.read-documents');
    expect((await user.get(`/documents/${document.id}`)).body).toMatchObject({ state: 'ready', words: 2 });
    const part = await user.get(`/documents/${document.id}/file`).set('range', 'bytes=10-19').expect(206);
    expect((part.body as Buffer).equals(file.subarray(10, 20))).toBe(true);
    await user.delete(`/documents/${document.id}`).expect(200);
    expect(s3.objects.size).toBe(0);
  });

  it('wait while it is away: nothing is acknowledged, nothing is forgotten', async () => {
    const user = await api.signedIn();
    const { body: document } = await uploadTo(api, user, textPdf(['here']));
    s3.isAway = true;
    const { status, body } = await uploadTo(api, user, textPdf(['there']));
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'documents.storage-away' });
    await user.get(`/documents/${document.id}/file`).expect(503);
    await user.delete(`/documents/${document.id}`).expect(200);
    s3.isAway = false;
    expect(s3.objects.size).toBe(1);
    await api.app.get(Jobs).run('study.sweep-files');
    expect(s3.objects.size).toBe(0);
    expect(await api.db.count(LooseFile)).toBe(0);
  });

  it('that are missing there are told from a bucket that is away, and can be sent again', async () => {
    const user = await api.signedIn();
    const file = textPdf(['once more']);
    const { body: document } = await uploadTo(api, user, file);
    const path = `/documents/${document.id}`;
    s3.objects.clear();
    const read = () => user.get(`${path}/file`).set('range', 'bytes=0-9');
    expect((await read().expect(410)).body).toMatchObject({ code: 'documents.file-missing' });
    await api.app.get(Jobs).run('study.read-documents');
    expect((await user.get(path).expect(200)).body).toMatchObject({ state: 'failed', failure: 'documents.file-missing' });
    expect([...(await archiveOf(api, user)).keys()]).toContain(`documents/${document.id}/book.pdf.missing.txt`);
    s3.isAway = true;
    expect((await read().expect(503).expect('retry-after', '5')).body).toMatchObject({ code: 'documents.storage-away' });
    s3.isAway = false;
    expect((await uploadTo(api, user, file, { method: 'PUT', path: `${path}/file` })).status).toBe(200);
    await read().expect(206);
    s3.objects.clear();
    await (await api.admin()).post(`/admin/users/${user.user.id}/erase`, { reason: 'a test', confirm: user.user.username }).expect(200);
    expect(await api.db.countBy(Document, { ownerId: user.user.id })).toBe(0);
  });
});

async function archiveOf({ url }: Api, { credential }: Caller): Promise<Map<string, Buffer>> {
  const response = await fetch(`${url}/api/v1/users/me/export`, { headers: { authorization: `Bearer ${credential}` } });
  return unzipped(Buffer.from(await response.arrayBuffer()));
}

function unzipped(archive: Buffer): Promise<Map<string, Buffer>> {
  return new Promise((resolve, reject) => {
    fromBuffer(archive, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      const found = new Map<string, Buffer>();
      zip.on('entry', (entry: { fileName: string }) => {
        zip.openReadStream(entry as never, (failed, stream) => {
          if (failed) return reject(failed);
          const chunks: Buffer[] = [];
          stream.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
            found.set(entry.fileName, Buffer.concat(chunks));
            zip.readEntry();
          });
        });
      });
      zip.on('end', () => resolve(found)).on('error', reject);
      zip.readEntry();
    });
  });
}
