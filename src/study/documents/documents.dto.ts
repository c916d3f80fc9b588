import { IsInt, IsOptional, IsUUID, Length, Max, Min } from 'class-validator';
import { IfGiven } from '../../platform/http/if-given.js';
import { CleanText } from '../../platform/http/text.js';
import type { Document, DocumentState } from './document.entity.js';

export class UploadDocumentDto {
  /** The topic it belongs to; at the top without one. */
  @IfGiven() @IsUUID()
  topicId?: string;

  /** Default: the name of the file. @example 'Linear algebra done right' */
  @IfGiven() @CleanText() @Length(1, 300)
  title?: string;
}

export class ReplaceFileDto {
  /** Default: as it was. @example 'Linear algebra done right, second edition' */
  @IfGiven() @CleanText() @Length(1, 300)
  title?: string;
}

export class UpdateDocumentDto {
  static readonly readOnly = ['id', 'fileName', 'bytes', 'sha256', 'pages', 'words', 'pagesWithText', 'state', 'failure', 'createdAt', 'updatedAt', 'version'];

  /** @example 'Linear algebra done right' */
  @IfGiven() @CleanText() @Length(1, 300)
  title?: string;

  /** Null takes it out of its topic. */
  @IsOptional() @IsUUID()
  topicId?: string | null;

  /** The last page that was finished; 0 for none. */
  @IfGiven() @IsInt() @Min(0) @Max(20_000)
  progressPage?: number;
}

export class DocumentDto {
  id!: string;
  topicId!: string | null;
  title!: string;
  /** What downloads are called. */
  fileName!: string;
  bytes!: number;
  /** SHA-256 of the file, in hexadecimal. */
  sha256!: string;
  pages!: number;
  /** In all pages; 0 until the text is read. */
  words!: number;
  /** Pages on which there is text; none of a scan. */
  pagesWithText!: number;
  /** The last page that was finished. */
  progressPage!: number;
  /** Of its text: being read, there, not to be had. The file is there in any case. */
  state!: DocumentState;
  /** Why the text is not to be had, such as `study.time-limit`. */
  failure!: string | null;
  createdAt!: string;
  updatedAt!: string;
  /** Also its ETag. */
  version!: number;

  static of({ id, topicId, title, fileName, bytes, sha256, pages, words, pagesWithText, progressPage, state, failure, createdAt, updatedAt, version }: Document): DocumentDto {
    return { id, topicId, title, fileName, bytes, sha256, pages, words, pagesWithText, progressPage, state, failure, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString(), version };
  }
}

export class RemovedDocumentDto {
  id!: string;
  title!: string;

  static of({ id, title }: Document): RemovedDocumentDto {
    return { id, title };
  }
}
