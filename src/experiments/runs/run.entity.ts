import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { JsonColumn, LooseIdColumn, WordColumn } from '../../platform/database/columns.js';
import { Experiment, type Metadata } from '../experiment.entity.js';
import { Parameter } from '../parameters/parameter.entity.js';
import { Part, PointedTo, Within } from '../part.js';

export const RUN_STATUSES = ['planned', 'ok', 'failed', 'abandoned', 'suspect'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** One trial of an experiment. */
@Entity('experiment_runs')
@PointedTo()
@Unique('experiment_runs_number', ['experimentId', 'number'])
export class Run extends Part {
  /** In which order runs are made, from 1 on. */
  @Column('int')
  number!: number;

  /** Its number in the design before the order was drawn; null for a run of no design. */
  @Column('int', { nullable: true })
  standardOrder: number | null = null;

  @Column('int', { nullable: true })
  block: number | null = null;

  /** `factorial`, `centre`, `axial` …: what it is in its design. */
  @WordColumn({ nullable: true })
  pointType: string | null = null;

  /** The design that planned it; outlives it as a mere name. */
  @Index()
  @LooseIdColumn({ nullable: true })
  designId: string | null = null;

  @WordColumn()
  status: RunStatus = 'planned';

  /** Why it failed, was abandoned, or is suspect. */
  @Column('varchar', { length: 500, nullable: true })
  note: string | null = null;

  @JsonColumn()
  metadata: Metadata = {};
}

/** The value of one parameter in one run: as planned, and as it was where it came out otherwise. */
@Entity('experiment_run_settings')
@ForeignKey(() => Experiment, ['experimentId'], ['id'], { onDelete: 'CASCADE' })
@Within(() => Run, 'runId', 'CASCADE')
@Within(() => Parameter, 'parameterId')
export class RunSetting {
  @PrimaryColumn('varchar', { length: 36 })
  runId!: string;

  @PrimaryColumn('varchar', { length: 36 })
  parameterId!: string;

  @LooseIdColumn()
  experimentId!: string;

  @Column('double', { nullable: true })
  plannedNumber: number | null = null;

  @Column('varchar', { length: 64, nullable: true })
  plannedLevel: string | null = null;

  @Column('double', { nullable: true })
  actualNumber: number | null = null;

  @Column('varchar', { length: 64, nullable: true })
  actualLevel: string | null = null;
}
