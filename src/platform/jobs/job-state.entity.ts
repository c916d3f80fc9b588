import { Column, Entity, PrimaryColumn } from 'typeorm';
import { InstantColumn, LooseIdColumn } from '../database/columns.js';

/** What all instances know together about a job. */
@Entity('job_states')
export class JobState {
  @PrimaryColumn('varchar', { length: 64 })
  name!: string;

  /** The latest scheduled instant that some instance has taken on. */
  @InstantColumn({ nullable: true })
  slot: Date | null = null;

  @LooseIdColumn({ nullable: true })
  lastRunId: string | null = null;

  /** Failed runs since the last one that succeeded. */
  @Column('int', { default: 0 })
  failures: number = 0;

  /** When a failed run is tried again, unless the schedule does so sooner. */
  @InstantColumn({ nullable: true })
  retryAt: Date | null = null;
}
