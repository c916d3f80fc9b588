import { Entity } from 'typeorm';
import { BytesColumn, IdColumn } from '../platform/database/columns.js';

/** Counts that were committed with what they count and wait to be folded into the sums. Only ever inserted and deleted. */
@Entity('stats_deltas')
export class StatsDelta {
  @IdColumn()
  id!: string;

  /** A `Tally`, as JSON. */
  @BytesColumn()
  body!: Buffer;
}
