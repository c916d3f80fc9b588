import { Column, Entity } from 'typeorm';
import { RefColumn } from '../../platform/database/columns.js';
import { Principal } from '../../users/principal.entity.js';

export const DEFAULT_IDLE_MINUTES = 10;

/** Somebody who studies. Whoever changes their study time holds this row. */
@Entity('study_profiles')
export class StudyProfile {
  @RefColumn(() => Principal, { primary: true })
  ownerId!: string;

  /** Without a heartbeat for so long, a session pauses at the last one. */
  @Column('int')
  idleMinutes: number = DEFAULT_IDLE_MINUTES;

  @Column('int', { nullable: true })
  dailyGoalMinutes: number | null = null;
}
