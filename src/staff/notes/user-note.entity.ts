import { Column, Entity, Index } from 'typeorm';
import { IdColumn, InstantColumn, LooseIdColumn, RefColumn } from '../../platform/database/columns.js';
import { newId } from '../../platform/ids/ids.js';
import { Principal } from '../../users/principal.entity.js';

/** What staff write down about a user for each other. */
@Entity('user_notes')
@Index('user_notes_user', ['userId', 'id'])
export class UserNote {
  @IdColumn()
  id: string = newId();

  @RefColumn(() => Principal, { index: false })
  userId!: string;

  /** Outlives its author, who is named as they were called then. */
  @LooseIdColumn()
  authorId!: string;

  @Column('varchar', { length: 64 })
  authorName!: string;

  @Column('varchar', { length: 2000 })
  text!: string;

  @InstantColumn()
  createdAt!: Date;
}
