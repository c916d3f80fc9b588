import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { Between, EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Document } from './document.entity.js';
import { DocumentPage } from './document-page.entity.js';
import { DocumentsService } from './documents.service.js';

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
  ) {}

  /** Of a document that is still being read, the pages that are there. */
  async read(actor: Actor, id: string, from: number, to = from + MOST_PAGES_AT_ONCE - 1): Promise<DocumentText> {
    const document = await this.documents.get(actor, id);
    const last = Math.min(to, from + MOST_PAGES_AT_ONCE - 1, document.pages);
    const pages = await this.db.find(DocumentPage, { where: { documentId: id, number: Between(from, last) }, order: { number: 'ASC' } });
    return { document, pages, nextPage: last < document.pages && last < to ? last + 1 : null };
  }
}
