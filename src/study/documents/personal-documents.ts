import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { inBatches } from '../../platform/database/in-batches.js';
import { Sql } from '../../platform/database/sql.js';
import { Erasure, OwnedRows } from '../../users/erasure/erasure.js';
import { type KeptFile, PersonalData } from '../../users/personal-data/personal-data.js';
import { FileStorage } from '../storage/file-storage.js';
import { LooseFile } from '../storage/loose-file.entity.js';
import { LooseFiles } from '../storage/loose-files.js';
import { StorageAccount } from '../storage/storage-account.entity.js';
import { Topic } from '../topics/topic.entity.js';
import { Document } from './document.entity.js';
import { removePages } from './page-rows.js';

const MISSING = 'You uploaded this file, but it is lost. What is known of it is in documents.ndjson.\n';

/** What of topics and documents is a user's own: it is in their archive, PDFs included, and goes with them. */
@Injectable()
export class PersonalDocuments {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly storage: FileStorage,
    private readonly looseFiles: LooseFiles,
    sql: Sql,
    data: PersonalData,
    erasure: Erasure,
  ) {
    data.register(
      { path: 'topics.json', about: 'Your topics.', tables: ['topics'], rows: (ownerId) => this.topics(ownerId) },
      { path: 'documents.ndjson', about: 'What is known of your documents; the files are in documents/.', tables: ['documents', 'document_pages'], rows: (ownerId) => this.documents(ownerId) },
      { path: 'storage.json', about: 'How much room your documents take, and uploads on their way.', tables: ['storage_accounts', 'loose_files'], rows: (ownerId) => this.room(ownerId) },
    );
    data.registerFolder({ path: 'documents/', about: 'Your PDFs as you uploaded them, each behind the id of its document.', files: (ownerId) => this.files(ownerId) });
    // Files before the rows that remember them.
    erasure.register(
      { table: 'documents', count: (ownerId) => db.countBy(Document, { ownerId }), erase: (ownerId) => this.eraseDocuments(ownerId) },
      { table: 'loose_files', count: (ownerId) => db.countBy(LooseFile, { ownerId }), erase: (ownerId) => this.eraseLooseFiles(ownerId) },
      new OwnedRows(sql, 'storage_accounts', 'owner_id'),
      new OwnedRows(sql, 'topics', 'owner_id'),
    );
  }

  private topics(ownerId: string): AsyncGenerator<object> {
    return plain(inBatches(this.db, Topic, { ownerId }, 'id'), ['id', 'parentId', 'name', 'colour', 'position', 'createdAt', 'updatedAt']);
  }

  private documents(ownerId: string): AsyncGenerator<object> {
    return plain(inBatches(this.db, Document, { ownerId }, 'id'), ['id', 'topicId', 'title', 'fileName', 'sha256', 'bytes', 'pages', 'words', 'progressPage', 'createdAt', 'updatedAt']);
  }

  private async *room(ownerId: string): AsyncGenerator<object> {
    for (const { bytes } of await this.db.findBy(StorageAccount, { ownerId })) yield { bytes };
    for (const { state, reservedBytes, since } of await this.db.findBy(LooseFile, { ownerId })) yield { upload: state, reservedBytes, since };
  }

  private async *files(ownerId: string): AsyncGenerator<KeptFile> {
    for await (const { id, fileId, fileName } of inBatches(this.db, Document, { ownerId }, 'id')) {
      const path = `documents/${id}/${fileName}`;
      if (await this.storage.has(fileId)) yield { path, open: () => this.storage.read(fileId) };
      else yield { path: `${path}.missing.txt`, open: () => Promise.resolve(Readable.from(Buffer.from(MISSING))) };
    }
  }

  private async eraseDocuments(ownerId: string): Promise<number> {
    let erased = 0;
    for await (const { id, fileId } of inBatches(this.db, Document, { ownerId }, 'id')) {
      await this.storage.remove(fileId);
      await this.db.transaction(async (tx) => {
        await removePages(tx, id);
        await tx.delete(Document, { id });
      });
      erased += 1;
    }
    return erased;
  }

  private async eraseLooseFiles(ownerId: string): Promise<number> {
    const files = await this.db.findBy(LooseFile, { ownerId });
    for (const { id } of files) await this.looseFiles.takeAway(id);
    return files.length;
  }
}

/** Field by field: what is kept for sorting and searching says nothing new. */
async function* plain<T extends object>(rows: AsyncIterable<T>, fields: readonly (keyof T & string)[]): AsyncGenerator<object> {
  for await (const row of rows) yield Object.fromEntries(fields.map((field) => [field, row[field]]));
}
