import { Column, Entity, Index } from 'typeorm';
import { AmountColumn, InstantColumn, LooseIdColumn, RefColumn, WordColumn } from '../../platform/database/columns.js';
import { Principal } from '../../users/principal.entity.js';
import { StudySession } from '../sessions/study-session.entity.js';
import type { PaceUnit } from './pace-model.js';

/** The pace that was expected when a session began, and what came of it. */
@Entity('study_estimates')
@Index('study_estimates_owner', ['ownerId', 'givenAt'])
export class StudyEstimate {
  @RefColumn(() => StudySession, { primary: true })
  sessionId!: string;

  @RefColumn(() => Principal, { index: false })
  ownerId!: string;

  @LooseIdColumn({ nullable: true })
  documentId!: string | null;

  @WordColumn()
  unit!: PaceUnit;

  @InstantColumn()
  givenAt!: Date;

  /** On how many sessions it rested. */
  @Column('int')
  sessions!: number;

  /** Of the logarithm of seconds per unit. */
  @Column('double')
  mean!: number;

  @Column('double')
  variance!: number;

  @Column('double')
  withinSd!: number;

  /** What was left of the document then. */
  @Column('int', { nullable: true })
  remaining!: number | null;

  /** What the session then came to; null until it is finished, and where it says nothing about this unit. */
  @Column('int', { nullable: true })
  units: number | null = null;

  @AmountColumn({ nullable: true })
  activeMs: number | null = null;

  /** The logarithm of the time it took over the time that was expected. */
  @Column('double', { nullable: true })
  error: number | null = null;

  @Column('boolean', { nullable: true })
  covered: boolean | null = null;
}
