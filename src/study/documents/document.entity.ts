import { Column, Entity, Index, Unique } from 'typeorm';
import { AmountColumn, IdColumn, InstantColumn, LooseIdColumn, RefColumn, WordColumn } from '../../platform/database/columns.js';
import { newId } from '../../platform/ids/ids.js';
import { Principal } from '../../users/principal.entity.js';
import { Topic } from '../topics/topic.entity.js';

export const DOCUMENT_STATES = ['processing', 'ready', 'failed'] as const;
/** What is known of the text: it is being read, it is there, it cannot be had. The file is there in each of them, unless the storage lost it. */
export type DocumentState = (typeof DOCUMENT_STATES)[number];

/** A PDF of its owner. */
@Entity('documents')
@Unique('documents_content', ['ownerId', 'sha256'])
@Index('documents_owner', ['ownerId', 'updatedAt', 'id'])
@Index('documents_extraction', ['state', 'claimedUntil'])
export class Document {
  @IdColumn()
  id: string = newId();

  @RefColumn(() => Principal, { index: false })
  ownerId!: string;

  @RefColumn(() => Topic, { nullable: true, onDelete: 'SET NULL' })
  topicId: string | null = null;

  @Column('varchar', { length: 300 })
  title!: string;

  /** The title as it is sorted and searched. */
  @Column('varchar', { length: 600 })
  titleKey!: string;

  /** What the file was called where it came from, made harmless; nothing is ever opened by it. */
  @Column('varchar', { length: 200 })
  fileName!: string;

  /** What storage calls the file: another one after each replacement. */
  @Index({ unique: true })
  @LooseIdColumn()
  fileId!: string;

  /** Of the file, in hexadecimal. */
  @Column('varchar', { length: 64 })
  sha256!: string;

  @AmountColumn()
  bytes!: number;

  @Column('int')
  pages!: number;

  /** In all pages; 0 until they are read, and for scans. */
  @Column('int')
  words: number = 0;

  /** Pages on which there is text; a scan has none. */
  @Column('int')
  pagesWithText: number = 0;

  /** How far its owner has come: the last page that they finished. */
  @Column('int')
  progressPage: number = 0;

  @WordColumn()
  state: DocumentState = 'processing';

  /** Why there is no text, as a code. */
  @WordColumn({ nullable: true })
  failure: string | null = null;

  /** Whoever reads its text has it until then. */
  @InstantColumn({ nullable: true })
  claimedUntil: Date | null = null;

  /** How often somebody began to read its text. */
  @Column('int')
  attempts: number = 0;

  @InstantColumn()
  createdAt!: Date;

  @InstantColumn()
  updatedAt!: Date;

  @Column('int')
  version: number = 1;
}
