import { Type } from 'class-transformer';
import { IsInt, IsUUID, Length, Max, Min } from 'class-validator';
import { IfGiven } from '../../platform/http/if-given.js';
import { CleanText } from '../../platform/http/text.js';
import type { DocumentState } from './document.entity.js';
import type { DocumentText } from './document-texts.js';
import type { SearchHit } from './document-search.js';

export class TextQueryDto {
  /** First page, from 1. */
  @IfGiven() @Type(() => Number) @IsInt() @Min(1) @Max(20_000)
  from?: number;

  /** Last page; 50 pages are answered at most. */
  @IfGiven() @Type(() => Number) @IsInt() @Min(1) @Max(20_000)
  to?: number;
}

export class PageTextDto {
  /** From 1. */
  number!: number;
  words!: number;
  /** Empty where there is none, as on a scan. */
  text!: string;
}

export class DocumentTextDto {
  documentId!: string;
  /** Pages are missing while it is `processing`, and may be when it has `failed`. */
  state!: DocumentState;
  failure!: string | null;
  pages!: PageTextDto[];
  /** Where to go on; null at the end of what was asked for. */
  nextPage!: number | null;

  static of({ document, pages, nextPage }: DocumentText): DocumentTextDto {
    const { id, state, failure } = document;
    return { documentId: id, state, failure, pages: pages.map(({ number, words, text }) => ({ number, words, text })), nextPage };
  }
}

export class SearchQueryDto {
  /** Words that are all on a page, or beginnings of them; case and accents do not matter. @example 'eigenvalue decomp' */
  @CleanText() @Length(1, 200)
  q!: string;

  /** In this document only. */
  @IfGiven() @IsUUID()
  documentId?: string;

  /** In documents of this topic only. */
  @IfGiven() @IsUUID()
  topicId?: string;

  /** Default: 20. */
  @IfGiven() @Type(() => Number) @IsInt() @Min(1) @Max(100)
  limit?: number;
}

export class SearchHitDto {
  documentId!: string;
  title!: string;
  /** From 1. */
  page!: number;
  /** What stands around the first word that was found. */
  snippet!: string;
}

export class SearchHitsDto {
  /** The best match first. */
  data!: SearchHitDto[];

  static of(hits: readonly SearchHit[]): SearchHitsDto {
    return { data: hits.map(({ documentId, title, page, snippet }) => ({ documentId, title, page, snippet })) };
  }
}
