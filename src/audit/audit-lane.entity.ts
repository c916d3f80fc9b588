import { Column, Entity, PrimaryColumn } from 'typeorm';
import { AmountColumn } from '../platform/database/columns.js';

/**
 * The end of one chain of audit rows. There are many, so that transactions which commit at the same time need not wait
 * for each other: each extends one that nobody else is extending, most of the time.
 */
@Entity('audit_lanes')
export class AuditLane {
  @PrimaryColumn('int')
  lane!: number;

  /** How many rows the lane has. */
  @AmountColumn()
  seq!: number;

  /** Of its last row. */
  @Column('varchar', { length: 43 })
  hash!: string;
}
