import { Column, Entity, Index, Unique } from 'typeorm';
import { IdColumn, InstantColumn, JsonColumn, LooseIdColumn, RefColumn, WordColumn } from '../../platform/database/columns.js';
import { newId } from '../../platform/ids/ids.js';
import { Principal } from '../../users/principal.entity.js';
import type { MemoryState, ReviewGrade } from './memory.js';

/** One answer to an exercise. Stays when the exercise goes. */
@Entity('study_reviews')
@Unique('study_reviews_number', ['exerciseId', 'number'])
@Index('study_reviews_owner', ['ownerId', 'reviewedAt', 'id'])
export class Review {
  @IdColumn()
  id: string = newId();

  @RefColumn(() => Principal, { index: false })
  ownerId!: string;

  @LooseIdColumn()
  exerciseId!: string;

  @LooseIdColumn()
  documentId!: string;

  /** Which of the exercise's reviews it is, from 1. */
  @Column('int')
  number!: number;

  @Column('int')
  grade!: ReviewGrade;

  @InstantColumn()
  reviewedAt!: Date;

  /** How long the answer took, where the client measured it. */
  @Column('int', { nullable: true })
  seconds: number | null = null;

  /** The exercise's memory before, for undoing; instants as text. */
  @JsonColumn()
  before!: Record<string, unknown>;

  @WordColumn()
  state!: MemoryState;

  @InstantColumn()
  dueAt!: Date;

  @Column('double')
  stability!: number;

  @Column('double')
  difficulty!: number;

  @InstantColumn({ nullable: true })
  undoneAt: Date | null = null;
}
