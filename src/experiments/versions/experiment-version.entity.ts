import { Column, Entity, Unique } from 'typeorm';
import { BytesColumn, IdColumn, InstantColumn, LooseIdColumn, RefColumn } from '../../platform/database/columns.js';
import { newId } from '../../platform/ids/ids.js';
import { Experiment } from '../experiment.entity.js';

/** The change that made a version of an experiment. */
@Entity('experiment_versions')
@Unique('experiment_versions_number', ['experimentId', 'number'])
export class ExperimentVersion {
  @IdColumn()
  id: string = newId();

  @RefColumn(() => Experiment, { index: false })
  experimentId!: string;

  @Column('int')
  number!: number;

  @InstantColumn()
  at!: Date;

  @LooseIdColumn()
  authorId!: string;

  /** What was done: `parameters.create`. */
  @Column('varchar', { length: 64 })
  action!: string;

  /** How many rows were touched. */
  @Column('int')
  rows!: number;

  /** The rows before and after, as deflated JSON. */
  @BytesColumn()
  changes!: Buffer;
}
