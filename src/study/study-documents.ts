import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { Between, EntityManager, LessThan } from 'typeorm';
import { Clock } from '../platform/clock/clock.js';
import { NotFound } from '../platform/problems/problems.js';
import { Document } from './documents/document.entity.js';
import { DocumentPage } from './documents/document-page.entity.js';

/** What study time needs to know of documents. */
@Injectable()
export class StudyDocuments {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
  ) {}

  /** One's own; others' do not exist. */
  async own(ownerId: string, id: string, tx = this.db): Promise<Document> {
    const document = await tx.findOneBy(Document, { id, ownerId });
    if (!document) throw new NotFound('document');
    return document;
  }

  async ownOrNone(ownerId: string, id: string | null, tx = this.db): Promise<Document | undefined> {
    return id === null ? undefined : ((await tx.findOneBy(Document, { id, ownerId })) ?? undefined);
  }

  /** On pages from one to another; null for scans, of which nobody knows. */
  async words(tx: EntityManager, document: Pick<Document, 'id' | 'pagesWithText'>, firstPage: number, lastPage: number): Promise<number | null> {
    if (document.pagesWithText === 0) return null;
    return (await tx.sum(DocumentPage, 'words', { documentId: document.id, number: Between(firstPage, lastPage) })) || null;
  }

  /** Words and pages behind the last page that was finished. */
  async remaining(document: Document, tx = this.db): Promise<{ pages: number; words: number | null }> {
    const pages = Math.max(0, document.pages - document.progressPage);
    if (pages === 0) return { pages, words: document.pagesWithText === 0 ? null : 0 };
    return { pages, words: await this.words(tx, document, document.progressPage + 1, document.pages) };
  }

  /** Whoever reads a page for the second time has not gone back. */
  async reached(tx: EntityManager, document: Document, page: number): Promise<void> {
    const progressPage = Math.min(page, document.pages);
    await tx.update(Document, { id: document.id, progressPage: LessThan(progressPage) }, { progressPage, updatedAt: this.clock.now(), version: () => 'version + 1' });
  }
}
