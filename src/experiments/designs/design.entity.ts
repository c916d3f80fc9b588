import { Column, Entity } from 'typeorm';
import { AmountColumn, JsonColumn, LooseIdColumn, WordColumn } from '../../platform/database/columns.js';
import type { DesignKind, PlanOptions } from '../design/plan.js';
import type { PlannedDesign } from '../design/planned-design.js';
import type { Factor } from '../factors.js';
import { Part, PointedTo } from '../part.js';

export type DesignStructure = Omit<PlannedDesign, 'runs'>;

/** A design that was made: what was asked for, and what it turned out to be. Its runs name it. */
@Entity('experiment_designs')
@PointedTo()
export class Design extends Part {
  @WordColumn()
  kind!: DesignKind;

  @JsonColumn()
  options!: PlanOptions;

  /** The same seed gives the same runs in the same order. */
  @AmountColumn()
  seed!: number;

  /** The parameters as they were. */
  @JsonColumn()
  factors!: Factor[];

  @Column('int')
  runs!: number;

  /** Aliases, blocks, axial distance, properties: what there is to tell. */
  @JsonColumn()
  structure!: DesignStructure;

  @LooseIdColumn()
  createdBy!: string;
}
