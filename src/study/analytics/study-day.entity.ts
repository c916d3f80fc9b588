import { Entity, PrimaryColumn } from 'typeorm';
import { AmountColumn, RefColumn } from '../../platform/database/columns.js';
import { Principal } from '../../users/principal.entity.js';

/** Stands for the document where a session has none. */
export const NO_DOCUMENT = '';

/** What somebody studied of a document on a day of their own zone: the sum over the closed intervals of their sessions. */
@Entity('study_days')
export class StudyDay {
  @RefColumn(() => Principal, { primary: true })
  ownerId!: string;

  @PrimaryColumn('varchar', { length: 10 })
  day!: string;

  @PrimaryColumn('varchar', { length: 36 })
  documentId!: string;

  /** Sessions that began on it. */
  @AmountColumn({ default: 0 })
  sessions: number = 0;

  @AmountColumn({ default: 0 })
  readingMs: number = 0;

  @AmountColumn({ default: 0 })
  exerciseMs: number = 0;

  /** Reading time of which the pages are known. */
  @AmountColumn({ default: 0 })
  pagedMs: number = 0;

  @AmountColumn({ default: 0 })
  pages: number = 0;

  /** Reading time of which the words are known. */
  @AmountColumn({ default: 0 })
  wordedMs: number = 0;

  @AmountColumn({ default: 0 })
  words: number = 0;

  @AmountColumn({ default: 0 })
  exercises: number = 0;
}
