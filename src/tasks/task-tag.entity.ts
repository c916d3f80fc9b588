import { Column, Entity, PrimaryColumn } from 'typeorm';
import { RefColumn } from '../platform/database/columns.js';
import { Task } from './task.entity.js';

@Entity('task_tags')
export class TaskTag {
  @RefColumn(() => Task, { primary: true })
  taskId!: string;

  /** The tag as it is compared. */
  @PrimaryColumn('varchar', { length: 100 })
  tagKey!: string;

  /** As it was typed. */
  @Column('varchar', { length: 50 })
  tag!: string;
}
