import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { JsonColumn, LooseIdColumn } from '../../platform/database/columns.js';
import { Experiment } from '../experiment.entity.js';
import { Model } from '../models/model.entity.js';
import { Parameter } from '../parameters/parameter.entity.js';
import { Part, PointedTo, Within } from '../part.js';
import type { PredictionFigures } from './predict-points.js';

/** What a model says of one point. */
@Entity('experiment_predictions')
@PointedTo()
@Index('experiment_predictions_model', ['experimentId', 'modelId', 'id'])
@Within(() => Model, 'modelId')
export class Prediction extends Part {
  @LooseIdColumn()
  modelId!: string;

  /** What its maker calls it. */
  @Column('varchar', { length: 120, nullable: true })
  label: string | null = null;

  /** The block that it holds for, where the model knows blocks. */
  @Column('varchar', { length: 64, nullable: true })
  block: string | null = null;

  @JsonColumn()
  figures!: PredictionFigures;

  @LooseIdColumn()
  createdBy!: string;
}

/** The value of one parameter at a predicted point. */
@Entity('experiment_prediction_settings')
@ForeignKey(() => Experiment, ['experimentId'], ['id'], { onDelete: 'CASCADE' })
@Within(() => Prediction, 'predictionId', 'CASCADE')
@Within(() => Parameter, 'parameterId')
export class PredictionSetting {
  @PrimaryColumn('varchar', { length: 36 })
  predictionId!: string;

  @PrimaryColumn('varchar', { length: 36 })
  parameterId!: string;

  @LooseIdColumn()
  experimentId!: string;

  @Column('double', { nullable: true })
  number: number | null = null;

  @Column('varchar', { length: 64, nullable: true })
  level: string | null = null;
}
