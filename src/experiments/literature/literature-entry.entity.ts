import { Column, Entity } from 'typeorm';
import { JsonColumn, LooseIdColumn } from '../../platform/database/columns.js';
import type { Metadata } from '../experiment.entity.js';
import type { Setting } from '../factors.js';
import { Part, PointedTo, Within } from '../part.js';
import { Response } from '../responses/response.entity.js';

/** A value that others published, which may join a fit with a weight. */
@Entity('experiment_literature')
@PointedTo()
@Within(() => Response, 'responseId')
export class LiteratureEntry extends Part {
  @LooseIdColumn()
  responseId!: string;

  @Column('varchar', { length: 500 })
  source!: string;

  @Column('varchar', { length: 255, nullable: true })
  doi: string | null = null;

  /** Values by parameter id. */
  @JsonColumn()
  settings!: Record<string, Setting>;

  @Column('double')
  value!: number;

  /** Beside a run of one's own, which weighs 1. Above 0, at most 1. */
  @Column('double')
  weight: number = 1;

  @JsonColumn()
  metadata: Metadata = {};
}
