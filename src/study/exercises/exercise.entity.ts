import { Column, Entity, Index, Unique } from 'typeorm';
import { IdColumn, InstantColumn, RefColumn, WordColumn } from '../../platform/database/columns.js';
import { newId } from '../../platform/ids/ids.js';
import { Principal } from '../../users/principal.entity.js';
import { Document } from '../documents/document.entity.js';
import type { Memory, MemoryState } from './memory.js';

/** A question on a document, asked again when it is about to be forgotten. */
@Entity('study_exercises')
@Unique('study_exercises_import', ['ownerId', 'importKey'])
@Index('study_exercises_owner', ['ownerId', 'createdAt', 'id'])
@Index('study_exercises_due', ['ownerId', 'dueAt', 'id'])
export class Exercise implements Memory {
  @IdColumn()
  id: string = newId();

  @RefColumn(() => Principal, { index: false })
  ownerId!: string;

  @RefColumn(() => Document)
  documentId!: string;

  @Column('int', { nullable: true })
  firstPage: number | null = null;

  @Column('int', { nullable: true })
  lastPage: number | null = null;

  @Column('varchar', { length: 4000 })
  question!: string;

  @Column('varchar', { length: 4000, nullable: true })
  answer: string | null = null;

  @WordColumn()
  state: MemoryState = 'new';

  @InstantColumn()
  dueAt!: Date;

  @Column('double')
  stability: number = 0;

  @Column('double')
  difficulty: number = 0;

  @Column('int')
  scheduledDays: number = 0;

  @Column('int')
  learningSteps: number = 0;

  @Column('int')
  repetitions: number = 0;

  @Column('int')
  lapses: number = 0;

  @InstantColumn({ nullable: true })
  reviewedAt: Date | null = null;

  /** How many reviews it ever had, those included that were undone. */
  @Column('int')
  reviews: number = 0;

  /** Its id where it was imported from, so that it is imported once. */
  @Column('varchar', { length: 100, nullable: true })
  importKey: string | null = null;

  @InstantColumn()
  createdAt!: Date;

  @InstantColumn()
  updatedAt!: Date;

  @Column('int')
  version: number = 1;
}
