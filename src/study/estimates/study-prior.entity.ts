import { Column, Entity } from 'typeorm';
import { InstantColumn, WordColumn } from '../../platform/database/columns.js';
import type { PacePrior, PaceUnit } from './pace-model.js';

/** What is known of the pace of all readers here. Names nobody. */
@Entity('study_priors')
export class StudyPrior implements PacePrior {
  @WordColumn({ primary: true })
  unit!: PaceUnit;

  @Column('double')
  mean!: number;

  @Column('double')
  betweenSd!: number;

  @Column('double')
  withinSd!: number;

  @Column('int')
  readers!: number;

  @InstantColumn()
  estimatedAt!: Date;
}
