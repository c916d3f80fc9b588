import { Column, Entity, Index } from 'typeorm';
import { IdColumn, InstantColumn, JsonColumn, RefColumn, WordColumn } from '../platform/database/columns.js';
import { newId } from '../platform/ids/ids.js';
import { Principal } from '../users/principal.entity.js';

export const EXPERIMENT_TYPES = ['screening', 'characterisation', 'optimisation', 'mixture', 'robustness', 'other'] as const;
export type ExperimentType = (typeof EXPERIMENT_TYPES)[number];

export const EXPERIMENT_STATUSES = ['draft', 'running', 'analysed', 'archived'] as const;
export type ExperimentStatus = (typeof EXPERIMENT_STATUSES)[number];

export type Metadata = Record<string, unknown>;

@Entity('experiments')
@Index('experiments_owner', ['ownerId', 'updatedAt', 'id'])
export class Experiment {
  @IdColumn()
  id: string = newId();

  @RefColumn(() => Principal, { index: false })
  ownerId!: string;

  @Column('varchar', { length: 200 })
  title!: string;

  /** The title as it is sorted and searched. */
  @Column('varchar', { length: 400 })
  titleKey!: string;

  /** What is to be found out. */
  @Column('varchar', { length: 4000, nullable: true })
  objective: string | null = null;

  @WordColumn()
  type: ExperimentType = 'other';

  @WordColumn()
  status: ExperimentStatus = 'draft';

  @JsonColumn()
  metadata: Metadata = {};

  @InstantColumn()
  createdAt!: Date;

  @InstantColumn()
  updatedAt!: Date;

  /** Rises with every change to the experiment or anything in it. */
  @Column('int')
  version: number = 1;
}
