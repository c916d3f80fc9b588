import { Column, Entity, Index } from 'typeorm';
import { AmountColumn, IdColumn, InstantColumn, JsonColumn, WordColumn } from '../database/columns.js';
import { newId } from '../ids/ids.js';

export enum JobOutcome {
  Running = 'running',
  Succeeded = 'succeeded',
  Failed = 'failed',
}

/** One run of a scheduled job. */
@Entity('job_runs')
@Index(['name', 'startedAt'])
export class JobRun {
  @IdColumn()
  id: string = newId();

  @Column('varchar', { length: 64 })
  name!: string;

  @InstantColumn()
  startedAt!: Date;

  @InstantColumn({ nullable: true })
  finishedAt: Date | null = null;

  @AmountColumn({ nullable: true })
  durationMs: number | null = null;

  @WordColumn()
  outcome: JobOutcome = JobOutcome.Running;

  /** What it did, in numbers (`{touched: 12}`), or why it failed. */
  @JsonColumn({ nullable: true })
  report: Record<string, unknown> | null = null;
}
