import { Column, Entity, Unique } from 'typeorm';
import { InstantColumn, RefColumn } from '../../platform/database/columns.js';
import { Principal } from '../../users/principal.entity.js';

/** The calendar of an owner's tasks, which anybody reads who knows its secret. */
@Entity('task_feeds')
@Unique('task_feeds_secret', ['secretHash'])
export class TaskFeed {
  @RefColumn(() => Principal, { primary: true })
  ownerId!: string;

  /** SHA-256, in hex. */
  @Column('varchar', { length: 64 })
  secretHash!: string;

  @InstantColumn()
  createdAt!: Date;
}
