import { createHash } from 'node:crypto';
import { newId } from '../src/platform/ids/ids.js';
import { Jobs } from '../src/platform/jobs/jobs.js';
import { LooseFile } from '../src/study/storage/loose-file.entity.js';
import { StorageAccounts } from '../src/study/storage/storage-accounts.js';
import type { Api, SignedInCaller } from './support/api.js';
import { Documents, fresh, LARGEST, MB, NOTHING } from './support/documents.js';
import { deepPdf, encryptedPdf, formBomb, packedBomb, pdfOfSize, textPdf } from './support/pdf.js';
import { until } from './support/until.js';
import { endlessUpload, type UploadOptions } from './support/uploads.js';

describe('an upload', () => {
  let documents: Documents;
  let api: Api;
  let ada: SignedInCaller;
  beforeAll(async () => {
    documents = await Documents.start();
    ({ api } = documents);
    ada = await api.signedIn();
  });
  afterAll(() => documents.close());

  it('is kept as it came, its text read page by page and found by its owner alone', async () => {
    const user = await api.signedIn();
    const other = await api.signedIn();
    const file = fresh('Eigenvalues of a symmetric matrix are real', '', 'The r\u00e9sum\u00e9 of all that: orthogonal eigenvectors');
    const document = await documents.uploaded(user, file, { fileName: 'Linear_algebra.pdf' });
    expect(document).toMatchObject({ title: 'Linear algebra', fileName: 'Linear_algebra.pdf', pages: 3, bytes: file.length, sha256: createHash('sha256').update(file).digest('hex'), topicId: null, progressPage: 0 });
    await documents.uploaded(other, fresh('Eigenvalues are nobody else’s'));
    await documents.readTexts();
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
    const { id } = await documents.uploaded(ada, fresh(), { fileName });
    const response = await ada.get(`/documents/${id}/file`).expect(200);
    expect(response.headers['content-disposition']).toBe(`attachment; filename="${safe}"; filename*=UTF-8''${safe}`);
    expect(documents.files('files').every((name) => /^[0-9a-f-]{36}\.pdf$/.test(name))).toBe(true);
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
    const { status, body } = await documents.upload(user, file());
    expect(status).toBe(422);
    expect(body.code).toMatch(code);
    expect(await documents.traces(user)).toEqual(NOTHING);
  });

  it('takes so long and no longer to check, and others go on', async () => {
    const user = await api.signedIn();
    const { studySeconds } = api.settings;
    // Of this file alone: to a busy machine that may be little for any other.
    api.settings.studySeconds = 3;
    const { status, body } = await documents.upload(user, formBomb(8, 40));
    api.settings.studySeconds = studySeconds;
    expect(status).toBe(422);
    expect(body.code).toMatch(/^study\.(?:time|memory)-limit$/);
    expect(await documents.traces(user)).toEqual(NOTHING);
    await documents.uploaded(user);
  });

  it('may have a huge page, which nobody draws; where even its text takes too much, the file stays all the same', async () => {
    const { id } = await documents.uploaded(ada, textPdf(['huge'], { mediaBox: '[0 0 1000000 1000000]' }));
    const { id: larger } = await documents.uploaded(ada, textPdf(['larger'], { mediaBox: '[0 0 1000000000 1000000000]' }));
    await documents.readTexts();
    expect((await ada.get(`/documents/${id}`)).body).toMatchObject({ state: 'ready', words: 1 });
    expect((await ada.get(`/documents/${larger}`)).body).toMatchObject({ state: 'failed', failure: 'study.memory-limit', words: 0 });
    await ada.get(`/documents/${larger}/file`).expect(200);
  });

  it('needs a form with one file and fields that are known', async () => {
    const refused = async (options: UploadOptions, status: number): Promise<void> => expect((await documents.upload(ada, fresh(), options)).status).toBe(status);
    await refused({ fields: { titel: 'x' } }, 400);
    await refused({ fields: { title: 'a\u0007b' } }, 400);
    await refused({ fields: { topicId: 'no id' } }, 400);
    await refused({ fields: { topicId: newId() } }, 404);
    await refused({ headers: { 'content-type': 'multipart/form-data' } }, 415);
    await refused({ headers: { 'content-type': 'multipart/form-data; boundary=other' } }, 400);
    await ada.post('/documents', { title: 'x' }).expect(415);
    const { body } = await documents.upload(ada, fresh(), { fields: { title: '  Ma\u0308rchen ' } });
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
    expect(await documents.traces(user)).toEqual(NOTHING);
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
    await until(async () => (await documents.traces(user)).loose === 0);
    expect(await documents.traces(user)).toEqual(NOTHING);
    process.stderr.write(`256 MB more of one upload: the process, its client included, ${((largest - before) / MB).toFixed(1)} MB larger\n`);
    expect(largest - before).toBeLessThan(64 * MB);
  }, 180_000);

  it('is one document, however often and at once the same file comes; the others are led to it', async () => {
    const user = await api.signedIn();
    const file = fresh();
    const answers = await Promise.all(Array.from({ length: 5 }, () => documents.upload(user, file)));
    const [winner, ...others] = answers.filter(({ status }) => status === 201);
    expect(others).toEqual([]);
    const losers = answers.filter(({ status }) => status === 409);
    expect(losers).toHaveLength(4);
    for (const { body } of losers) expect(body).toMatchObject({ code: 'documents.duplicate', documentId: winner!.body.id, document: `/api/v1/documents/${winner!.body.id}` });
    expect(await documents.traces(user)).toEqual({ documents: 1, loose: 0, used: file.length, incoming: 0 });
    // It is another user's own file as well.
    await documents.uploaded(await api.signedIn(), file);
  });

  it('keeps the quota to the byte, with twenty at once', async () => {
    const user = await api.signedIn();
    const bytes = 200_000;
    const { documentQuotaBytes } = api.settings;
    api.settings.documentQuotaBytes = Math.floor(bytes * 7.5);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, number) => documents.upload(user, pdfOfSize(bytes, `quota ${number}`))));
    api.settings.documentQuotaBytes = documentQuotaBytes;
    const won = answers.filter(({ status }) => status === 201);
    expect(won).toHaveLength(7);
    for (const { status, body } of answers.filter((each) => !won.includes(each))) expect({ status, code: body.code }).toEqual({ status: 422, code: 'documents.quota' });
    expect(await documents.traces(user)).toEqual({ documents: 7, loose: 0, used: 7 * bytes, incoming: 0 });
    await user.delete(`/documents/${won[0]!.body.id}`).expect(200);
    expect(await documents.used(user)).toBe(6 * bytes);
  });

  it('repeated with its Idempotency-Key is answered as before', async () => {
    const file = fresh();
    const headers = { 'idempotency-key': newId() };
    const first = await documents.upload(ada, file, { headers });
    const again = await documents.upload(ada, file, { headers });
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect((await documents.upload(ada, fresh(), { headers })).body.code).toBe('idempotency.other-request');
    expect(await documents.traces(ada)).toMatchObject({ loose: 0, incoming: 0 });
  });

  it('that a crash left half-way is given up after an hour, its room given back', async () => {
    const user = await api.signedIn();
    await documents.uploaded(user);
    const before = await documents.used(user);
    const file = await api.app.get(StorageAccounts).reserve(user.user.id, 5000, true);
    expect(await documents.used(user)).toBe(before + 5000);
    await api.app.get(Jobs).run('study.sweep-files');
    expect(await documents.used(user)).toBe(before + 5000);
    api.clock.advanceSeconds(3601);
    await api.app.get(Jobs).run('study.sweep-files');
    expect(await documents.used(user)).toBe(before);
    expect(await api.db.countBy(LooseFile, { id: file.id })).toBe(0);
    api.clock.advanceSeconds(-3601);
  });
});
