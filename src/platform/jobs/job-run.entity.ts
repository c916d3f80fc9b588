import { Column, Entity, Index } from 'typeorm';
import { AmountColumn, IdColumn, InstantColumn, JsonColumn, WordColumn } from '../database/columns.js';
import { newId } from '../ids/ids.js';

export enum JobOutcome {
  Running = 'running',
  Succeeded = 'succeeded',
  Failed = 'failed',
}

/** Why a job ran: its time had come, it had failed before, or somebody asked. */
export type JobCause = 'schedule' | 'retry' | 'request';

/** One run of a scheduled job. */
@Entity('job_runs')
@Index(['name', 'startedAt', 'id'])
export class JobRun {
  @IdColumn()
  id: string = newId();

  @Column('varchar', { length: 64 })
  name!: string;

  @WordColumn({ default: 'schedule' })
  cause: JobCause = 'schedule';

  /** Host and process that ran it. */
  @Column('varchar', { length: 128, nullable: true })
  instance: string | null = null;

  @InstantColumn()
  startedAt!: Date;

  @InstantColumn({ nullable: true })
  finishedAt: Date | null = null;

  @AmountColumn({ nullable: true })
  durationMs: number | null = null;

  @WordColumn()
  outcome: JobOutcome = JobOutcome.Running;

  /** What it did, in numbers (`{touched: 12}`). */
  @JsonColumn({ nullable: true })
  report: Record<string, unknown> | null = null;

  /** Why it failed, in a sentence without statements and paths; the log has it all. */
  @Column('varchar', { length: 255, nullable: true })
  error: string | null = null;
}
