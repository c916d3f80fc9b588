import { Column, ForeignKey, Unique } from 'typeorm';
import { IdColumn, InstantColumn, RefColumn } from '../platform/database/columns.js';
import { newId } from '../platform/ids/ids.js';
import { Experiment } from './experiment.entity.js';

/** A row inside an experiment. */
export abstract class Part {
  @IdColumn()
  id: string = newId();

  @RefColumn(() => Experiment, { index: false })
  experimentId!: string;

  @InstantColumn()
  createdAt!: Date;

  @InstantColumn()
  updatedAt!: Date;

  @Column('int')
  version: number = 1;
}

/** What other rows of the same experiment point to, with the experiment's id, so that they cannot point into another. */
export function PointedTo(): ClassDecorator {
  return Unique(['experimentId', 'id']);
}

/** A column of this row that names a row of the same experiment; what is named cannot be removed meanwhile, unless said otherwise. */
export function Within(target: () => new () => object, column: string, onDelete: 'RESTRICT' | 'CASCADE' = 'RESTRICT'): ClassDecorator {
  return ForeignKey(target, ['experimentId', column], ['experimentId', 'id'], { onDelete });
}
