import { Column, Entity, Index, Unique } from 'typeorm';
import { IdColumn, InstantColumn, LooseIdColumn, RefColumn, WordColumn } from '../platform/database/columns.js';
import { newId } from '../platform/ids/ids.js';
import { Principal } from '../users/principal.entity.js';

export const TASK_STATUSES = ['pending', 'in-progress', 'completed'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** Least first: a task holds the place in this list, counted from 1, because priorities are sorted. */
export const TASK_PRIORITIES = ['low', 'medium', 'high', 'urgent'] as const;
export type TaskPriority = (typeof TASK_PRIORITIES)[number];

/** Later than everything: when a task without a date is late. */
export const NEVER = new Date('9999-12-31T00:00:00.000Z');

@Entity('tasks')
@Index('tasks_board', ['ownerId', 'status', 'position', 'id'])
@Unique('tasks_successor', ['previousId'])
export class Task {
  @IdColumn()
  id: string = newId();

  @RefColumn(() => Principal, { index: false })
  ownerId!: string;

  /** The task that this one is a part of. */
  @RefColumn(() => Task, { nullable: true, onDelete: 'SET NULL' })
  parentId: string | null = null;

  @Column('varchar', { length: 500 })
  title!: string;

  /** The title as it is sorted and compared. */
  @Column('varchar', { length: 500 })
  titleKey!: string;

  @Column('text', { nullable: true })
  description: string | null = null;

  @WordColumn()
  status: TaskStatus = 'pending';

  /** 1 to 4, as in TASK_PRIORITIES. */
  @Column('int')
  priority: number = 2;

  /** Where it stands among the owner's tasks of the same status. */
  @Column('double')
  position!: number;

  /** `YYYY-MM-DD`, as it was typed. */
  @Column('varchar', { length: 10, nullable: true })
  dueDay: string | null = null;

  /** `HH:MM:SS`, perhaps with milliseconds; null where it is due on the whole day. */
  @Column('varchar', { length: 12, nullable: true })
  dueTime: string | null = null;

  /** Where day and time are meant. */
  @Column('varchar', { length: 64 })
  timeZone!: string;

  /** When the due day or time begins. */
  @InstantColumn({ nullable: true })
  dueAt: Date | null = null;

  /** From when on it is late: a whole day is when it is over. */
  @InstantColumn()
  lateAt: Date = NEVER;

  /** An RRULE without its name. */
  @Column('varchar', { length: 500, nullable: true })
  recurrence: string | null = null;

  /** The day, or day and time, from which the recurrence counts. */
  @Column('varchar', { length: 23, nullable: true })
  recurrenceStart: string | null = null;

  /** The task by whose completion this one was made. Unique: each makes one at most. */
  @LooseIdColumn({ nullable: true })
  previousId: string | null = null;

  @InstantColumn({ nullable: true })
  completedAt: Date | null = null;

  /** Set while it lies in the trash, the same for all that went there together. */
  @Index('tasks_trash')
  @InstantColumn({ nullable: true })
  trashedAt: Date | null = null;

  @InstantColumn()
  createdAt!: Date;

  @InstantColumn()
  updatedAt!: Date;

  @Column('int')
  version: number = 1;
}
