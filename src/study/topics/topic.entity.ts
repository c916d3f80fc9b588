import { Column, Entity, Index } from 'typeorm';
import { IdColumn, InstantColumn, RefColumn } from '../../platform/database/columns.js';
import { newId } from '../../platform/ids/ids.js';
import { Principal } from '../../users/principal.entity.js';

/** A folder for documents and other topics. */
@Entity('topics')
@Index('topics_owner', ['ownerId', 'position', 'id'])
export class Topic {
  @IdColumn()
  id: string = newId();

  @RefColumn(() => Principal, { index: false })
  ownerId!: string;

  /** Null at the top. */
  @RefColumn(() => Topic, { nullable: true })
  parentId: string | null = null;

  @Column('varchar', { length: 120 })
  name!: string;

  /** The name as it is sorted and searched. */
  @Column('varchar', { length: 240 })
  nameKey!: string;

  /** `#rrggbb` in lower case. */
  @Column('varchar', { length: 7, nullable: true })
  colour: string | null = null;

  /** Its place among those of the same parent, from 0. */
  @Column('int')
  position!: number;

  @InstantColumn()
  createdAt!: Date;

  @InstantColumn()
  updatedAt!: Date;

  @Column('int')
  version: number = 1;
}
