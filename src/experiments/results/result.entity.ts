import { Column, Entity, Index, Unique } from 'typeorm';
import { JsonColumn, LooseIdColumn } from '../../platform/database/columns.js';
import type { Metadata } from '../experiment.entity.js';
import type { Setting } from '../factors.js';
import { Part, PointedTo, Within } from '../part.js';
import { Response } from '../responses/response.entity.js';
import { Run } from '../runs/run.entity.js';

/** A measured value. Never changed: a correction is a row of its own that names the one it replaces. */
@Entity('experiment_results')
@PointedTo()
@Index('experiment_results_run', ['experimentId', 'runId', 'responseId'])
@Unique('experiment_results_correction', ['correctsId'])
@Within(() => Run, 'runId')
@Within(() => Response, 'responseId')
@Within(() => Result, 'correctsId')
export class Result extends Part {
  /** Null for a free observation, which has settings of its own. */
  @LooseIdColumn({ nullable: true })
  runId: string | null = null;

  @LooseIdColumn()
  responseId!: string;

  @Column('double')
  value!: number;

  /** A repeat is measured again on the same run, from 1 on; it is no replicate, which is a run of its own. */
  @Column('int')
  repeat: number = 1;

  /** Of a free observation: the values by parameter id. */
  @JsonColumn({ nullable: true })
  settings: Record<string, Setting> | null = null;

  @LooseIdColumn({ nullable: true })
  correctsId: string | null = null;

  /** Why the value it replaces was wrong. */
  @Column('varchar', { length: 500, nullable: true })
  reason: string | null = null;

  @LooseIdColumn()
  createdBy!: string;

  @JsonColumn()
  metadata: Metadata = {};
}
