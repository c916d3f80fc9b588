import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsNumber, IsOptional, IsUUID, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import { IfGiven } from '../platform/http/if-given.js';
import { CleanText, CleanLines, cleanTexts } from '../platform/http/text.js';
import { IsTimeZone } from '../users/time-zone.js';
import { IsDue } from './due/is-due.js';
import { shownDue } from './due/schedule.js';
import { RULE_FORM } from './recurrence/rule.js';
import type { Shown } from './shown.js';
import { MOST_TAGS } from './tags.js';
import { TASK_PRIORITIES, TASK_STATUSES, type TaskPriority, type TaskStatus } from './task.entity.js';
import { priorityOf } from './tasks.list.js';
import type { Completed } from './tasks.service.js';

const READ_ONLY = ['id', 'dueLocal', 'subtasks', 'nextId', 'previousId', 'completedAt', 'trashedAt', 'createdAt', 'updatedAt', 'version'];
/** Far enough, and doubles around it still lie close together. */
const FARTHEST = 1e12;

export function AreTags(): PropertyDecorator {
  return applyDecorators(Transform(({ value }: { value: unknown }) => cleanTexts(value)), IsArray(), ArrayMaxSize(MOST_TAGS), Length(1, 50, { each: true }), Matches(/^[^\p{Cc}\u2028\u2029]*$/u, { each: true, message: '$property must not contain control characters' }));
}

/** In one: the document's generator drops fields whose rules have an expression in them. */
function IsPosition(): PropertyDecorator {
  return applyDecorators(IsNumber(), Min(-FARTHEST), Max(FARTHEST));
}

function IsRule(): PropertyDecorator {
  return applyDecorators(MaxLength(400), Matches(RULE_FORM, { message: '$property must be an RRULE (RFC 5545) such as FREQ=WEEKLY;BYDAY=MO,FR' }));
}

/** What a task may be given, new or not. */
export class TaskTermsDto {
  static readonly readOnly = READ_ONLY;

  /** May have several lines. */
  @IsOptional() @CleanLines() @MaxLength(10_000)
  description?: string | null;

  /** A recurring task that becomes completed makes the next one. */
  @IfGiven() @IsIn(TASK_STATUSES)
  status?: TaskStatus;

  @IfGiven() @IsIn(TASK_PRIORITIES)
  priority?: TaskPriority;

  /** A day, a local time in timeZone, or an instant. A time that its day does not have is read as if the clock had not been put forward. @example '2030-01-31T09:30' */
  @IsOptional() @IsDue()
  dueDate?: string | null;

  /** Where dueDate and recurrence are meant; of a new task the user's own zone where it is not said. @example 'Europe/Berlin' */
  @IfGiven() @IsTimeZone()
  timeZone?: string;

  /** An RRULE, daily or longer, that counts from the due date. @example 'FREQ=WEEKLY;BYDAY=MO,FR' */
  @IsOptional() @IsRule()
  recurrence?: string | null;

  /** In the place of those that it had; upper and lower case make no difference. @example ['reading'] */
  @IfGiven() @AreTags()
  tags?: string[];

  /** The task that this one is a part of. */
  @IsOptional() @IsUUID()
  parentId?: string | null;

  /** Where it stands among those of its status, least first; a new task behind all others where it is not said. To put it between two others, rather use `/move`. */
  @IfGiven() @IsPosition()
  position?: number;
}

export class UpdateTaskDto extends TaskTermsDto {
  /** @example 'Read chapter 4' */
  @IfGiven() @CleanText() @Length(1, 500)
  title?: string;
}

export class CreateTaskDto extends TaskTermsDto {
  /** @example 'Read chapter 4' */
  @CleanText() @Length(1, 500)
  title!: string;
}

export class MoveTaskDto {
  /** The column it is to be in: that of the neighbour, or the one it is in, where it is not said. */
  @IfGiven() @IsIn(TASK_STATUSES)
  status?: TaskStatus;

  /** The task that it is to stand right behind. */
  @IfGiven() @IsUUID()
  after?: string;

  /** The task that it is to stand right before; counts where `after` is not given. */
  @IfGiven() @IsUUID()
  before?: string;
}

export class SubtasksDto {
  total!: number;
  completed!: number;
}

export class TaskDto {
  id!: string;
  title!: string;
  description!: string | null;
  status!: TaskStatus;
  priority!: TaskPriority;
  /** A day such as `2030-01-31`, or an instant. */
  dueDate!: string | null;
  /** As it was typed, and as clocks in timeZone show it: `2030-01-31`, or `2030-01-31T09:30:00`. */
  dueLocal!: string | null;
  timeZone!: string;
  recurrence!: string | null;
  tags!: string[];
  parentId!: string | null;
  /** How many tasks are directly a part of it. */
  subtasks!: SubtasksDto;
  position!: number;
  /** The task by whose completion this one was made. */
  previousId!: string | null;
  completedAt!: string | null;
  trashedAt!: string | null;
  createdAt!: string;
  updatedAt!: string;
  /** Also its ETag. */
  version!: number;

  static of({ task, tags, parts: { total, completed } }: Shown): TaskDto {
    const { id, title, description, status, priority, dueDay, dueTime, timeZone, recurrence, parentId, position, previousId, version } = task;
    return {
      id, title, description, status, priority: priorityOf(priority), dueDate: shownDue(task), dueLocal: dueTime === null ? dueDay : `${dueDay}T${dueTime}`, timeZone, recurrence, tags: [...tags],
      parentId, subtasks: { total, completed }, position, previousId, completedAt: task.completedAt?.toISOString() ?? null, trashedAt: task.trashedAt?.toISOString() ?? null,
      createdAt: task.createdAt.toISOString(), updatedAt: task.updatedAt.toISOString(), version,
    };
  }
}

export class CompletedTaskDto extends TaskDto {
  /** Of a recurring task: the next one. */
  nextId!: string | null;

  static override of({ nextId, ...rest }: Completed): CompletedTaskDto {
    return { ...TaskDto.of(rest), nextId };
  }
}
