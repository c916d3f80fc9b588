import { Column, Entity, Index, Unique } from 'typeorm';
import { AmountColumn, IdColumn, InstantColumn, LooseIdColumn, RefColumn, WordColumn } from '../../platform/database/columns.js';
import { newId } from '../../platform/ids/ids.js';
import { Principal } from '../../users/principal.entity.js';

export const SESSION_KINDS = ['reading', 'exercises'] as const;
export type SessionKind = (typeof SESSION_KINDS)[number];

/** Timed by the server, told afterwards, or taken from elsewhere. */
export const SESSION_ORIGINS = ['timed', 'manual', 'imported'] as const;
export type SessionOrigin = (typeof SESSION_ORIGINS)[number];

export const SESSION_STATUSES = ['running', 'paused', 'finished'] as const;
export type SessionStatus = (typeof SESSION_STATUSES)[number];

@Entity('study_sessions')
@Unique('study_sessions_open', ['openFor'])
@Unique('study_sessions_import', ['ownerId', 'importKey'])
@Index('study_sessions_owner', ['ownerId', 'startedAt', 'id'])
@Index('study_sessions_idle', ['status', 'idleAt'])
export class StudySession {
  @IdColumn()
  id: string = newId();

  @RefColumn(() => Principal, { index: false })
  ownerId!: string;

  /** The owner while the session is open; nobody has two. */
  @LooseIdColumn({ nullable: true })
  openFor: string | null = null;

  /** Without a foreign key: what was studied stays so when the document goes. */
  @LooseIdColumn({ nullable: true })
  documentId: string | null = null;

  @WordColumn()
  kind: SessionKind = 'reading';

  @WordColumn()
  origin: SessionOrigin = 'timed';

  @WordColumn()
  status: SessionStatus = 'running';

  /** The owner's zone when it began: its days are cut at midnights there, wherever the owner goes later. */
  @Column('varchar', { length: 64 })
  timeZone!: string;

  @InstantColumn()
  startedAt!: Date;

  @InstantColumn({ nullable: true })
  finishedAt: Date | null = null;

  @InstantColumn()
  lastBeatAt!: Date;

  /** From then on a running session is idle, unless a beat comes before. */
  @InstantColumn({ nullable: true })
  idleAt: Date | null = null;

  /** Of its closed intervals. */
  @AmountColumn({ default: 0 })
  activeMs: number = 0;

  @Column('int', { nullable: true })
  firstPage: number | null = null;

  @Column('int', { nullable: true })
  lastPage: number | null = null;

  @Column('int', { nullable: true })
  pages: number | null = null;

  /** On the pages read, where the document has text. */
  @Column('int', { nullable: true })
  words: number | null = null;

  @Column('int', { nullable: true })
  exercises: number | null = null;

  @Column('varchar', { length: 2000, nullable: true })
  note: string | null = null;

  /** What it was called where it was imported from, so that it is imported once. */
  @Column('varchar', { length: 100, nullable: true })
  importKey: string | null = null;

  @InstantColumn()
  createdAt!: Date;

  @InstantColumn()
  updatedAt!: Date;

  @Column('int')
  version: number = 1;
}
