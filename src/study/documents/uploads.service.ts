import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { AuditService } from '../../audit/audit.service.js';
import { Clock } from '../../platform/clock/clock.js';
import { afterCommit } from '../../platform/database/commit-hooks.js';
import { isDuplicate } from '../../platform/database/failures.js';
import { insertRow } from '../../platform/database/insert-row.js';
import { referring } from '../../platform/database/referring.js';
import { Idempotency } from '../../platform/idempotency/idempotency.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { NotFound } from '../../platform/problems/problems.js';
import { FileStorage } from '../storage/file-storage.js';
import { LooseFiles } from '../storage/loose-files.js';
import { StorageAccounts } from '../storage/storage-accounts.js';
import { TopicsService } from '../topics/topics.service.js';
import { Events } from '../../webhooks/events.js';
import { Document } from './document.entity.js';
import { DocumentChanges } from './document-changes.js';
import { ReplaceFileDto, UploadDocumentDto } from './documents.dto.js';
import { DuplicateDocument } from './documents.problems.js';
import { DocumentsService, keyed } from './documents.service.js';
import { Extraction } from './extraction.js';
import { titleOf } from './file-name.js';
import { type ArrivedPdf, Intake } from './intake.js';
import { pageAfter } from './page-ratio.js';
import { removePages } from './page-rows.js';
import type { UploadForm } from './upload-form.js';

/** Files that become documents, or new files of documents. */
@Injectable()
export class UploadsService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    private readonly intake: Intake,
    private readonly documents: DocumentsService,
    private readonly topics: TopicsService,
    private readonly accounts: StorageAccounts,
    private readonly looseFiles: LooseFiles,
    private readonly storage: FileStorage,
    private readonly extraction: Extraction,
    private readonly changes: DocumentChanges,
    private readonly idempotency: Idempotency,
    private readonly audit: AuditService,
    private readonly events: Events,
  ) {}

  /** A file that is there already is no new document, unless the same request is being repeated. */
  create<T extends object>(actor: Actor, form: UploadForm, answer: (document: Document) => T, repeat?: IdempotentRequest): Promise<T> {
    return this.intake.take(actor, form, {
      fields: UploadDocumentDto,
      isWanted: async (sha256, { topicId }) => {
        if (topicId !== undefined) await this.topics.mustOwn(this.db, actor, topicId);
        if (!repeat) await this.mustBeNew(actor, sha256);
      },
      finish: (pdf, fields) => {
        const bound = repeat && { ...repeat, body: JSON.stringify([pdf.sha256, fields.topicId, fields.title]) };
        return this.once(actor, pdf, () => this.idempotency.inTransaction(bound, async (tx) => answer(await this.insert(tx, actor, pdf, fields))));
      },
    });
  }

  private async insert(tx: EntityManager, actor: Actor, pdf: ArrivedPdf, { topicId, title }: UploadDocumentDto): Promise<Document> {
    if (topicId !== undefined) await this.topics.mustOwn(tx, actor, topicId);
    const now = this.clock.now();
    const terms = keyed({ title: title ?? titleOf(pdf.fileName), topicId: topicId ?? null });
    const document = Object.assign(new Document(), terms, fileOf(pdf), { ownerId: actor.id, createdAt: now, updatedAt: now });
    await pdf.settle(tx);
    const write = (): Promise<void> => insertRow(tx, Document, document);
    await (topicId === undefined ? write() : referring(write, () => new NotFound('topic')));
    await this.events.emit(tx, { type: 'document.created', userId: actor.id, data: { id: document.id, userId: actor.id, pages: document.pages } });
    afterCommit(tx, () => this.extraction.wake());
    return document;
  }

  /** Another file for the same document; how far its owner has come moves with the number of pages. */
  async replaceFile(actor: Actor, id: string, form: UploadForm, ifVersion?: number): Promise<Document> {
    await this.documents.get(actor, id);
    return this.intake.take(actor, form, {
      fields: ReplaceFileDto,
      isWanted: (sha256) => this.mustBeNew(actor, sha256, id),
      finish: (pdf, fields) => this.once(actor, pdf, () => this.db.transaction((tx) => this.exchange(tx, actor, id, pdf, { ...fields, ifVersion }))),
    });
  }

  private async exchange(tx: EntityManager, actor: Actor, id: string, pdf: ArrivedPdf, { title, ifVersion }: ReplaceFileDto & { ifVersion: number | undefined }): Promise<Document> {
    const document = await this.documents.lock(tx, actor, id, ifVersion);
    const { fileId, sha256, bytes, pages: pagesBefore } = document;
    const unread = { state: 'processing', failure: null, words: 0, pagesWithText: 0, attempts: 0, claimedUntil: null } as const;
    const progressPage = pageAfter(document.progressPage, pagesBefore, pdf.pages);
    Object.assign(document, title === undefined ? {} : keyed({ title }), fileOf(pdf), unread, { progressPage, updatedAt: this.clock.now(), version: document.version + 1 });
    await pdf.settle(tx);
    await removePages(tx, id);
    await tx.save(document);
    await this.accounts.release(tx, actor.id, fileId, bytes);
    await this.changes.replaced(tx, { documentId: id, pagesBefore, pagesAfter: pdf.pages });
    await this.audit.record(tx, actor, 'documents.replace-file', id, { before: { sha256, pages: pagesBefore }, after: { sha256: pdf.sha256, pages: pdf.pages } });
    await this.events.emit(tx, { type: 'document.replaced', userId: actor.id, data: { id, userId: actor.id, pages: pdf.pages } });
    afterCommit(tx, () => this.looseFiles.dispose(fileId));
    afterCommit(tx, () => this.extraction.wake());
    return document;
  }

  /** Of two of the same file the unique key lets one through. */
  private async once<T>(actor: Actor, { sha256 }: ArrivedPdf, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw new DuplicateDocument((await this.known(actor, sha256))?.id);
    }
  }

  /** @param forId the document that is to have the file: its own one is taken again where the storage lost it */
  private async mustBeNew(actor: Actor, sha256: string, forId?: string): Promise<void> {
    const known = await this.known(actor, sha256);
    if (!known || (known.id === forId && !(await this.storage.has(known.fileId)))) return;
    throw new DuplicateDocument(known.id);
  }

  private known(actor: Actor, sha256: string): Promise<Document | null> {
    return this.db.findOneBy(Document, { ownerId: actor.id, sha256 });
  }
}

function fileOf({ fileId, fileName, sha256, bytes, pages }: ArrivedPdf): Pick<Document, 'fileId' | 'fileName' | 'sha256' | 'bytes' | 'pages'> {
  return { fileId, fileName, sha256, bytes, pages };
}
