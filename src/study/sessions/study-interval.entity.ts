import { Entity, Index, PrimaryColumn } from 'typeorm';
import { InstantColumn, RefColumn, WordColumn } from '../../platform/database/columns.js';
import { Principal } from '../../users/principal.entity.js';
import { StudySession } from './study-session.entity.js';

/** Who or what ended it. */
export type IntervalEnd = 'pause' | 'finish' | 'idle' | 'told';

/** A stretch of a session in which time ran. */
@Entity('study_intervals')
@Index('study_intervals_owner', ['ownerId', 'startedAt'])
export class StudyInterval {
  @RefColumn(() => StudySession, { primary: true })
  sessionId!: string;

  @PrimaryColumn('int')
  number!: number;

  /** As its session says; here so that overlaps are found by one index. */
  @RefColumn(() => Principal, { index: false })
  ownerId!: string;

  @InstantColumn()
  startedAt!: Date;

  /** Null while it runs. */
  @InstantColumn({ nullable: true })
  endedAt: Date | null = null;

  @WordColumn({ nullable: true })
  endedBy: IntervalEnd | null = null;
}
