import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Jobs } from '../../src/platform/jobs/jobs.js';
import { Document } from '../../src/study/documents/document.entity.js';
import { LooseFile } from '../../src/study/storage/loose-file.entity.js';
import { StorageAccounts } from '../../src/study/storage/storage-accounts.js';
import { Api, type Caller, type SignedInCaller } from './api.js';
import { textPdf } from './pdf.js';
import { type Answered, upload, type UploadOptions } from './uploads.js';

export const MB = 1024 * 1024;
export const LARGEST = 8 * MB;
const QUOTA = 64 * MB;

/** The traces of somebody who has none. */
export const NOTHING = { documents: 0, loose: 0, used: 0, incoming: 0 };

let made = 0;

/** A file that nobody has uploaded before. */
export function fresh(...lines: string[]): Buffer {
  return textPdf(lines.length > 0 ? lines : [`a page of text, number ${(made += 1)}`]);
}

/** A service of its own with little room for documents, and a look at what it keeps of them. */
export class Documents {
  private constructor(readonly api: Api) {}

  static async start(): Promise<Documents> {
    return new Documents(await Api.start({ documentMaxBytes: LARGEST, documentQuotaBytes: QUOTA }));
  }

  close(): Promise<void> {
    return this.api.close();
  }

  upload(caller: Caller, file: Buffer, options?: UploadOptions): Promise<Answered> {
    return upload(this.api, caller, file, options);
  }

  async uploaded(caller: Caller, file = fresh(), options?: UploadOptions): Promise<Answered['body']> {
    const { status, body } = await this.upload(caller, file, options);
    expect(body).toMatchObject({ state: 'processing' });
    expect(status).toBe(201);
    return body;
  }

  async readTexts(): Promise<void> {
    await this.api.app.get(Jobs).run('study.read-documents');
  }

  used(user: SignedInCaller): Promise<number> {
    return this.api.app.get(StorageAccounts).used(user.user.id);
  }

  files(folder: 'files' | 'incoming'): string[] {
    const path = join(this.api.settings.dataDir, 'documents', folder);
    return existsSync(path) ? readdirSync(path) : [];
  }

  /** What is kept for somebody, in the database and on the disk. */
  async traces(user: SignedInCaller): Promise<typeof NOTHING> {
    return {
      documents: await this.api.db.countBy(Document, { ownerId: user.user.id }), loose: await this.api.db.countBy(LooseFile, { ownerId: user.user.id }), used: await this.used(user), incoming: this.files('incoming').length,
    };
  }
}
