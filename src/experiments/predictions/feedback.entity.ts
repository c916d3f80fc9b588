import { Column, Entity, Unique } from 'typeorm';
import { LooseIdColumn } from '../../platform/database/columns.js';
import { Part, PointedTo, Within } from '../part.js';
import { Result } from '../results/result.entity.js';
import { Prediction } from './prediction.entity.js';

/** What was measured at a prediction, or what a person thinks of it. */
@Entity('experiment_feedback')
@PointedTo()
@Unique('experiment_feedback_result', ['predictionId', 'resultId'])
@Within(() => Prediction, 'predictionId')
@Within(() => Result, 'resultId')
export class Feedback extends Part {
  @LooseIdColumn()
  predictionId!: string;

  /** A result of the experiment; where it was corrected since, the correction counts. */
  @LooseIdColumn({ nullable: true })
  resultId: string | null = null;

  /** A measured value that stands nowhere else. */
  @Column('double', { nullable: true })
  value: number | null = null;

  /** From 1, of no use, to 5, just right. */
  @Column('int', { nullable: true })
  rating: number | null = null;

  @Column('varchar', { length: 2000, nullable: true })
  comment: string | null = null;

  @LooseIdColumn()
  createdBy!: string;
}
