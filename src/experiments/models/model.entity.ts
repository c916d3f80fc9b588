import { Column, Entity } from 'typeorm';
import { BytesColumn, JsonColumn, LooseIdColumn } from '../../platform/database/columns.js';
import { Part, PointedTo, Within } from '../part.js';
import { Response } from '../responses/response.entity.js';
import type { ModelSpec } from './figures.js';

/** The figures by which models are compared at a glance. */
export interface ModelHeadline {
  terms: string[];
  rows: number;
  parameters: number;
  residualDf: number;
  sd: number | null;
  r2: number | null;
  adjR2: number | null;
  predR2: number | null;
  certifiedDigits: number;
}

/** A fit with all that it rests on: never changed, and whole without the tables it was read from. */
@Entity('experiment_models')
@PointedTo()
@Within(() => Response, 'responseId')
export class Model extends Part {
  @LooseIdColumn()
  responseId!: string;

  /** What its maker calls it. */
  @Column('varchar', { length: 120, nullable: true })
  label: string | null = null;

  @JsonColumn()
  spec!: ModelSpec;

  /** The parameters whose values it was fitted on; they stay as long as it does. */
  @JsonColumn()
  parameterIds!: string[];

  /** SHA-256 of the rows and of how factors are coded. */
  @Column('varchar', { length: 64 })
  dataHash!: string;

  @JsonColumn()
  headline!: ModelHeadline;

  /** The version of the experiment whose data it was fitted to. */
  @Column('int')
  experimentVersion!: number;

  /** `ModelContents` as deflated JSON. */
  @BytesColumn()
  contents!: Buffer;

  @LooseIdColumn()
  createdBy!: string;
}
