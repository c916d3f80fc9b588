import { jest } from '@jest/globals';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { fromBuffer } from 'yauzl';
import { Permission } from '../src/access/permission.js';
import { newId } from '../src/platform/ids/ids.js';
import { Jobs } from '../src/platform/jobs/jobs.js';
import { Document } from '../src/study/documents/document.entity.js';
import { DocumentPage } from '../src/study/documents/document-page.entity.js';
import { LooseFile } from '../src/study/storage/loose-file.entity.js';
import { StorageAccount } from '../src/study/storage/storage-account.entity.js';
import { Topic } from '../src/study/topics/topic.entity.js';
import { Api, type Caller, PASSWORD, type SignedInCaller } from './support/api.js';
import { Documents, fresh, MB, NOTHING } from './support/documents.js';
import { pdfOfSize, textPdf } from './support/pdf.js';
import { S3Server } from './support/s3-server.js';
import { upload } from './support/uploads.js';

describe('a document', () => {
  let documents: Documents;
  let api: Api;
  let ada: SignedInCaller;
  beforeAll(async () => {
    documents = await Documents.start();
    ({ api } = documents);
    ada = await api.signedIn();
  });
  afterAll(() => documents.close());

  it('is downloaded whole or in ranges, as a file that no browser runs', async () => {
    const file = fresh();
    const { id } = await documents.uploaded(ada, file);
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
    const document = await documents.uploaded(user, fresh(...Array.from({ length: 20 }, (_, page) => `old page ${page}`)));
    const path = `/documents/${document.id}`;
    await documents.readTexts();
    expect((await user.patch(path, { progressPage: 21 }).expect(422)).body.code).toBe('documents.beyond-last-page');
    await user.patch(path, { progressPage: 10, title: 'Second edition' }).expect(200);
    const file = fresh(...Array.from({ length: 30 }, (_, page) => `new page ${page}`));
    expect((await documents.upload(user, file, { method: 'PUT', path: `${path}/file`, headers: { 'if-match': '"1"' } })).status).toBe(412);
    const { status, body } = await documents.upload(user, file, { method: 'PUT', path: `${path}/file`, headers: { 'if-match': '"2"' } });
    expect({ status, body }).toMatchObject({ status: 200, body: { id: document.id, title: 'Second edition', pages: 30, progressPage: 15, state: 'processing', words: 0, version: 3 } });
    expect((await user.get('/documents/search?q=old')).body.data).toEqual([]);
    await documents.readTexts();
    expect((await user.get('/documents/search?q=new')).body.data).toHaveLength(20);
    expect(await documents.traces(user)).toEqual({ documents: 1, loose: 0, used: file.length, incoming: 0 });
    expect((await documents.upload(user, file, { method: 'PUT', path: `${path}/file` })).body.code).toBe('documents.duplicate');
  });

  it('is gone with its file and its text when it is deleted', async () => {
    const user = await api.signedIn();
    const { id } = await documents.uploaded(user);
    await documents.readTexts();
    const { fileId } = await api.db.findOneByOrFail(Document, { id });
    expect(documents.files('files')).toContain(`${fileId}.pdf`);
    await user.delete(`/documents/${id}`).expect(200);
    expect(documents.files('files')).not.toContain(`${fileId}.pdf`);
    expect(await api.db.countBy(DocumentPage, { documentId: id })).toBe(0);
    expect(await documents.traces(user)).toEqual(NOTHING);
    await user.get(`/documents/${id}/file`).expect(404);
  });

  it('says why its text is not to be had, and stays', async () => {
    const { id } = await documents.uploaded(ada);
    await api.db.update(Document, { id }, { attempts: 3 });
    await documents.readTexts();
    expect((await ada.get(`/documents/${id}`)).body).toMatchObject({ state: 'failed', failure: 'study.interrupted' });
    await ada.get(`/documents/${id}/file`).expect(200);
  });

  it('whose text could not be read is read again when its owner asks, and only then', async () => {
    const user = await api.signedIn();
    const { id } = await documents.uploaded(user, fresh('legible after all'));
    const again = () => user.post(`/documents/${id}/text`);
    expect((await again().expect(409)).body).toMatchObject({ code: 'documents.text-not-failed', state: 'processing' });
    await api.db.update(Document, { id }, { attempts: 3 });
    await documents.readTexts();
    expect((await user.get(`/documents/${id}`)).body).toMatchObject({ state: 'failed', failure: 'study.interrupted' });
    await ada.post(`/documents/${id}/text`).expect(404);
    const asked = await Promise.all([again(), again()]);
    expect(asked.map(({ status }) => status).sort()).toEqual([202, 409]);
    expect(asked.find(({ status }) => status === 202)!.body).toMatchObject({ id, state: 'processing', failure: null });
    await documents.readTexts();
    expect((await user.get(`/documents/${id}`)).body).toMatchObject({ state: 'ready', failure: null, words: 3 });
    expect((await user.get('/documents/search?q=legible')).body.data).toHaveLength(1);
    expect((await again().expect(409)).body).toMatchObject({ state: 'ready' });
    await user.post(`/documents/${newId()}/text`).expect(404);
  });

  it('whose stored file is missing says so and how to mend it; all else goes on', async () => {
    const user = await api.signedIn();
    const file = fresh('still known');
    const { id } = await documents.uploaded(user, file, { fileName: 'lost.pdf' });
    await documents.readTexts();
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

    const again = () => documents.upload(user, file, { method: 'PUT', path: `/documents/${id}/file`, fileName: 'lost.pdf' });
    expect(await documents.upload(user, file)).toMatchObject({ status: 409, body: { documentId: id } });
    expect(await again()).toMatchObject({ status: 200, body: { id, state: 'processing' } });
    expect((await user.get(`/documents/${id}/file`).expect(200)).body).toEqual(file);
    expect(await again()).toMatchObject({ status: 409, body: { code: 'documents.duplicate' } });
    await lose();
    await documents.readTexts();
    expect((await user.get(`/documents/${id}`).expect(200)).body).toMatchObject({ state: 'failed', failure: 'documents.file-missing' });
    await user.delete(`/documents/${id}`).expect(200);
    expect(await documents.traces(user)).toEqual(NOTHING);
  });

  it('whose stored file is missing is erased with its owner', async () => {
    const user = await api.signedIn();
    const { id } = await documents.uploaded(user);
    const { fileId } = await api.db.findOneByOrFail(Document, { id });
    rmSync(join(api.settings.dataDir, 'documents', 'files', `${fileId}.pdf`));
    await (await api.admin()).post(`/admin/users/${user.user.id}/erase`, { reason: 'a test', confirm: user.user.username }).expect(200);
    expect(await documents.traces(user)).toEqual(NOTHING);
  });

  it('is listed with filters', async () => {
    const user = await api.signedIn();
    const { body: topic } = await user.post('/topics', { name: 'x' }).expect(201);
    const a = await documents.uploaded(user, fresh(), { fields: { title: 'Analysis', topicId: topic.id } });
    await documents.uploaded(user, fresh(), { fields: { title: 'Botany' } });
    const titles = async (query: string): Promise<string[]> => (await user.get(`/documents?${query}`).expect(200)).body.data.map(({ title }: { title: string }) => title);
    expect(await titles('sort=title')).toEqual(['Analysis', 'Botany']);
    expect(await titles(`topicId=${topic.id}`)).toEqual(['Analysis']);
    expect(await titles('q=bot')).toEqual(['Botany']);
    expect(await titles(`sha256=${String(a.sha256)}`)).toEqual(['Analysis']);
    await user.get('/documents?sort=fileId').expect(400);
  });

  it('is nobody else’s: whatever they try, it is not there for them', async () => {
    const owner = await api.signedIn();
    const { body: topic } = await owner.post('/topics', { name: 'mine' }).expect(201);
    const document = await documents.uploaded(owner, fresh(), { fields: { topicId: topic.id } });
    const own = await documents.uploaded(ada);
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
      expect((await documents.upload(other, fresh(), { method: 'PUT', path: `/documents/${document.id}/file` })).status).toBe(expected);
    }
    await ada.post('/topics', { name: 'in yours', parentId: topic.id }).expect(404);
    await ada.patch(`/documents/${own.id}`, { topicId: topic.id }).expect(404);
    expect((await documents.upload(ada, fresh(), { fields: { topicId: topic.id } })).status).toBe(404);
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
    expect((await documents.upload(reader, fresh())).status).toBe(403);
    await reader.post(`/documents/${newId()}/text`).expect(403);
    await documents.uploaded(await api.withKey(ada, { scopes: [Permission.StudyRead, Permission.StudyWrite] }));
  });

  it('is in the archive of its owner, PDF included, and goes when they are erased', async () => {
    const user = await api.signedIn();
    const admin = await api.admin();
    const file = fresh();
    const document = await documents.uploaded(user, file, { fileName: 'mine.pdf' });
    await documents.readTexts();
    const { fileId } = await api.db.findOneByOrFail(Document, { id: document.id });
    const archive = await archiveOf(api, user);
    expect(archive.get(`documents/${document.id}/mine.pdf`)?.equals(file)).toBe(true);
    expect(JSON.parse(archive.get('documents.ndjson')!.toString())).toMatchObject({ id: document.id, sha256: document.sha256 });

    await user.delete('/users/me', { password: PASSWORD }).expect(200);
    expect(documents.files('files')).toContain(`${fileId}.pdf`);
    await admin.post(`/admin/users/${user.user.id}/erase`, { reason: 'a test', confirm: user.user.username }).expect(200);
    expect(documents.files('files')).not.toContain(`${fileId}.pdf`);
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
    const { status, body: document } = await upload(api, user, file);
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
    const { body: document } = await upload(api, user, textPdf(['here']));
    s3.isAway = true;
    const { status, body } = await upload(api, user, textPdf(['there']));
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
    const { body: document } = await upload(api, user, file);
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
    expect((await upload(api, user, file, { method: 'PUT', path: `${path}/file` })).status).toBe(200);
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
