import { Column, Entity, Index } from 'typeorm';
import { IdColumn, InstantColumn, WordColumn } from '../database/columns.js';
import { newId } from '../ids/ids.js';

/** Something that every process must hear of, because it may remember what was true before. */
@Entity('changes')
@Index(['at'])
export class Change {
  @IdColumn()
  id: string = newId();

  @InstantColumn()
  at!: Date;

  @WordColumn()
  topic!: string;

  /** The id of what changed. */
  @Column('varchar', { length: 64 })
  subject!: string;
}
