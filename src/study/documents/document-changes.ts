import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** A document has another file now, of another length. */
export interface Replacement {
  readonly documentId: string;
  readonly pagesBefore: number;
  readonly pagesAfter: number;
}

type Listener = (tx: EntityManager, replacement: Replacement) => Promise<void>;

/** For whoever keeps pages of documents: told in the transaction that replaces a file (see page-ratio.ts). */
@Injectable()
export class DocumentChanges {
  private readonly listeners: Listener[] = [];

  onReplaced(listener: Listener): void {
    this.listeners.push(listener);
  }

  async replaced(tx: EntityManager, replacement: Replacement): Promise<void> {
    for (const listener of this.listeners) await listener(tx, replacement);
  }
}
