import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { Between, EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Document } from './document.entity.js';
import { DocumentPage } from './document-page.entity.js';
import { TextNotFailed } from './documents.problems.js';
import { DocumentsService } from './documents.service.js';
import { Extraction } from './extraction.js';

export interface DocumentText {
  readonly document: Document;
  readonly pages: DocumentPage[];
  /** Where the rest begins, if there is one. */
  readonly nextPage: number | null;
}

const MOST_PAGES_AT_ONCE = 50;

/** What stands on the pages of documents. */
@Injectable()
export class DocumentTexts {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly documents: DocumentsService,
    private readonly extraction: Extraction,
  ) {}

  /** Of a document that is still being read, the pages that are there. */
  async read(actor: Actor, id: string, from: number, to = from + MOST_PAGES_AT_ONCE - 1): Promise<DocumentText> {
    const document = await this.documents.get(actor, id);
    const last = Math.min(to, from + MOST_PAGES_AT_ONCE - 1, document.pages);
    const pages = await this.db.find(DocumentPage, { where: { documentId: id, number: Between(from, last) }, order: { number: 'ASC' } });
    return { document, pages, nextPage: last < document.pages && last < to ? last + 1 : null };
  }

  /** Queues a document whose reading failed. Pages that were read stay: it goes on behind them. */
  async readAgain(actor: Actor, id: string): Promise<Document> {
    const { affected } = await this.db.update(Document, { id, ownerId: actor.id, state: 'failed' }, { state: 'processing', failure: null, attempts: 0, claimedUntil: null });
    const document = await this.documents.get(actor, id);
    if (affected !== 1) throw new TextNotFailed(document.state);
    this.extraction.wake();
    return document;
  }
}
