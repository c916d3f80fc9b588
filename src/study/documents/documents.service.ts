import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { AuditService } from '../../audit/audit.service.js';
import { Clock } from '../../platform/clock/clock.js';
import { afterCommit } from '../../platform/database/commit-hooks.js';
import { referring } from '../../platform/database/referring.js';
import { rowLock } from '../../platform/database/row-lock.js';
import { comparable } from '../../platform/http/text.js';
import { type ListPage, Lists } from '../../platform/lists/lists.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { NotFound, StaleVersion } from '../../platform/problems/problems.js';
import { LooseFiles } from '../storage/loose-files.js';
import { StorageAccounts } from '../storage/storage-accounts.js';
import { TopicsService } from '../topics/topics.service.js';
import { Events } from '../../webhooks/events.js';
import { Document } from './document.entity.js';
import { DOCUMENTS_LIST } from './documents.list.js';
import { BeyondLastPage } from './documents.problems.js';
import { removePages } from './page-rows.js';

export type DocumentTerms = Pick<Document, 'title' | 'topicId' | 'progressPage'>;

/** What owners do with documents that are there; how they get there is in uploads.service.ts. */
@Injectable()
export class DocumentsService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    private readonly lists: Lists,
    private readonly topics: TopicsService,
    private readonly accounts: StorageAccounts,
    private readonly looseFiles: LooseFiles,
    private readonly audit: AuditService,
    private readonly events: Events,
  ) {}

  list(actor: Actor, wanted: Wanted): Promise<ListPage<Document>> {
    return this.lists.page(DOCUMENTS_LIST, wanted, { sql: 'documents.owner_id = ?', values: [actor.id] });
  }

  get(actor: Actor, id: string): Promise<Document> {
    return own(this.db, actor, id);
  }

  /** Holds the document's row until the transaction ends. */
  async lock(tx: EntityManager, actor: Actor, id: string, ifVersion?: number): Promise<Document> {
    const document = await own(tx, actor, id, true);
    if (ifVersion !== undefined && ifVersion !== document.version) throw new StaleVersion(document.version);
    return document;
  }

  update(actor: Actor, id: string, change: Partial<DocumentTerms>, ifVersion?: number): Promise<Document> {
    return this.db.transaction(async (tx) => {
      const document = await this.lock(tx, actor, id, ifVersion);
      if (change.topicId) await this.topics.mustOwn(tx, actor, change.topicId);
      if (change.progressPage !== undefined && change.progressPage > document.pages) throw new BeyondLastPage(document.pages);
      Object.assign(document, keyed(change), { updatedAt: this.clock.now(), version: document.version + 1 });
      return referring(() => tx.save(document), () => new NotFound('topic'));
    });
  }

  /** For good; the file goes with it. */
  remove(actor: Actor, id: string, ifVersion?: number): Promise<Document> {
    return this.db.transaction(async (tx) => {
      const document = await this.lock(tx, actor, id, ifVersion);
      await removePages(tx, id);
      await tx.delete(Document, { id });
      await this.accounts.release(tx, actor.id, document.fileId, document.bytes);
      await this.audit.record(tx, actor, 'documents.delete', id, { before: { title: document.title, sha256: document.sha256 } });
      await this.events.emit(tx, { type: 'document.deleted', userId: actor.id, data: { id, userId: actor.id } });
      afterCommit(tx, () => this.looseFiles.dispose(document.fileId));
      return document;
    });
  }
}

async function own(db: EntityManager, actor: Actor, id: string, lock = false): Promise<Document> {
  const document = await db.findOne(Document, { where: { id, ownerId: actor.id }, ...(lock && { lock: rowLock(db) }) });
  if (!document) throw new NotFound('document');
  return document;
}

/** With the title as it is sorted and searched. */
export function keyed<T extends { title?: string }>(terms: T): T & { titleKey?: string } {
  return terms.title === undefined ? terms : { ...terms, titleKey: comparable(terms.title).slice(0, 600) };
}
