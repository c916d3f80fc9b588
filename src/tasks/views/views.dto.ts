import { Length } from 'class-validator';
import { IfGiven } from '../../platform/http/if-given.js';
import { CleanText } from '../../platform/http/text.js';
import type { TaskView } from './task-view.entity.js';

const READ_ONLY = ['id', 'createdAt', 'updatedAt', 'version'];

export class CreateTaskViewDto {
  static readonly readOnly = READ_ONLY;

  /** @example 'This week' */
  @CleanText() @Length(1, 100)
  name!: string;

  /** Filters and order as GET /tasks takes them in its query. @example 'due=week&status=pending&sort=dueDate' */
  @CleanText() @Length(0, 2000)
  query!: string;
}

export class UpdateTaskViewDto {
  static readonly readOnly = READ_ONLY;

  /** @example 'This week' */
  @IfGiven() @CleanText() @Length(1, 100)
  name?: string;

  /** Filters and order as GET /tasks takes them in its query. @example 'due=week&status=pending&sort=dueDate' */
  @IfGiven() @CleanText() @Length(0, 2000)
  query?: string;
}

export class TaskViewDto {
  id!: string;
  name!: string;
  query!: string;
  createdAt!: string;
  updatedAt!: string;
  /** Also its ETag. */
  version!: number;

  static of({ id, name, query, createdAt, updatedAt, version }: TaskView): TaskViewDto {
    return { id, name, query, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString(), version };
  }
}

export class TaskViewsDto {
  data!: TaskViewDto[];
  nextCursor!: string | null;
  prevCursor!: string | null;
}
