import type { EntityManager } from 'typeorm';
import { comparable } from '../../platform/http/text.js';
import { Document } from '../documents/document.entity.js';

type Known = Pick<Document, 'id' | 'title' | 'titleKey' | 'sha256' | 'pages' | 'pagesWithText' | 'progressPage'>;

export interface DocumentName {
  readonly id?: string | null;
  readonly sha256?: string | null;
  readonly title?: string | null;
}

/** Finds in one's own documents what a file speaks of: by id, else by content, else by title where only one has it. */
export class DocumentMatcher {
  private readonly byId = new Map<string, Known>();
  private readonly byContent = new Map<string, Known>();
  private readonly byTitle = new Map<string, Known | undefined>();

  static async of(tx: EntityManager, ownerId: string): Promise<DocumentMatcher> {
    const select = { id: true, title: true, titleKey: true, sha256: true, pages: true, pagesWithText: true, progressPage: true } as const;
    return new DocumentMatcher(await tx.find(Document, { select, where: { ownerId } }));
  }

  private constructor(documents: readonly Known[]) {
    for (const document of documents) {
      this.byId.set(document.id, document);
      this.byContent.set(document.sha256, document);
      this.byTitle.set(document.titleKey, this.byTitle.has(document.titleKey) ? undefined : document);
    }
  }

  find({ id, sha256, title }: DocumentName): Known | undefined {
    return this.byId.get(id ?? '') ?? this.byContent.get(sha256 ?? '') ?? (title ? this.byTitle.get(comparable(title)) : undefined);
  }
}
