import { IsIn, Matches } from 'class-validator';
import { IfGiven } from '../../platform/http/if-given.js';
import { CALENDAR_KINDS, type CalendarKind } from './calendar.js';
import type { MadeFeed } from './feed.service.js';
import type { TaskFeed } from './task-feed.entity.js';

export class CalendarQueryDto {
  /** As the address has it. */
  @Matches(/^[\w-]{43}$/, { message: 'secret must be as the address had it' })
  secret!: string;

  /** Whether tasks are to-dos, or events for calendars that know no to-dos; those without a date are left out then. */
  @IfGiven() @IsIn(CALENDAR_KINDS)
  as?: CalendarKind;
}

export class MadeTaskFeedDto {
  /** Told only now. Whoever knows it can read the tasks. */
  url!: string;
  createdAt!: string;

  static of({ url, createdAt }: MadeFeed): MadeTaskFeedDto {
    return { url, createdAt: createdAt.toISOString() };
  }
}

export class TaskFeedDto {
  createdAt!: string;

  static of({ createdAt }: TaskFeed): TaskFeedDto {
    return { createdAt: createdAt.toISOString() };
  }
}
