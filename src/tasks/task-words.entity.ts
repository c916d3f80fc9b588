import { Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { LongTextColumn, RefColumn } from '../platform/database/columns.js';
import { Task } from './task.entity.js';

/** What a task is found by. */
@Entity('task_words')
@Unique('task_words_task', ['taskId'])
// Full-text, which the engines spell so differently that the migration makes it by hand.
@Index('task_words_search', { synchronize: false })
export class TaskWords {
  /** A number, because that is what the embedded engine's full-text index names rows by. */
  @PrimaryGeneratedColumn()
  number!: number;

  @RefColumn(() => Task, { index: false })
  taskId!: string;

  /** As platform/search makes them, with a space between; the first one is the owner's. */
  @LongTextColumn()
  words!: string;
}
