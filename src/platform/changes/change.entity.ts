import { Column, Entity, Index } from 'typeorm';
import { AmountColumn, IdColumn, InstantColumn, WordColumn } from '../database/columns.js';
import { newId } from '../ids/ids.js';

/** Something that every process must hear of, because it may remember what was true before. */
@Entity('changes')
@Index(['at'])
@Index(['seq'], { unique: true })
export class Change {
  @IdColumn()
  id: string = newId();

  /**
   * Its place among all changes, given after its commit: whoever has seen a number has seen, or can read, all below it.
   * Ids and instants cannot promise that, because rows made in one order are committed in another.
   */
  @AmountColumn({ nullable: true })
  seq: number | null = null;

  @InstantColumn()
  at!: Date;

  @WordColumn()
  topic!: string;

  /** The id of what changed. */
  @Column('varchar', { length: 64 })
  subject!: string;
}
