import { Column, Entity, Unique } from 'typeorm';
import { IdColumn, InstantColumn, RefColumn } from '../../platform/database/columns.js';
import { newId } from '../../platform/ids/ids.js';
import { Principal } from '../../users/principal.entity.js';

/** A list of tasks with filters and an order, kept by name. */
@Entity('task_views')
@Unique('task_views_name', ['ownerId', 'nameKey'])
export class TaskView {
  @IdColumn()
  id: string = newId();

  @RefColumn(() => Principal, { index: false })
  ownerId!: string;

  @Column('varchar', { length: 100 })
  name!: string;

  /** The name as it is sorted and compared. */
  @Column('varchar', { length: 200 })
  nameKey!: string;

  /** The query of GET /tasks, without a page. */
  @Column('varchar', { length: 2000 })
  query!: string;

  @InstantColumn()
  createdAt!: Date;

  @InstantColumn()
  updatedAt!: Date;

  @Column('int')
  version: number = 1;
}
