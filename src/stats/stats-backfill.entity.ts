import { Column, Entity } from 'typeorm';
import { WordColumn } from '../platform/database/columns.js';

/** How far the rows are counted that a source had before statistics were kept. Ids are ordered by time. */
@Entity('stats_backfills')
export class StatsBackfill {
  @WordColumn({ primary: true })
  source!: string;

  /** Up to this one they are counted. */
  @Column('varchar', { length: 36 })
  doneId!: string;

  /** Those after it were counted as they came. */
  @Column('varchar', { length: 36 })
  lastId!: string;
}
