import { Temporal } from 'temporal-polyfill';
import type { Task, TaskStatus } from '../task.entity.js';
import { contentLine, dayValue, instantValue, textValue } from './content-lines.js';

/** What a task is in a calendar: calendars that know no to-dos show events. */
export const CALENDAR_KINDS = ['todos', 'events'] as const;
export type CalendarKind = (typeof CALENDAR_KINDS)[number];

export interface Entry {
  readonly task: Task;
  readonly tags: readonly string[];
}

const STATUS: Readonly<Record<TaskStatus, string>> = { pending: 'NEEDS-ACTION', 'in-progress': 'IN-PROCESS', completed: 'COMPLETED' };
/** RFC 5545 3.8.1.9: 1 is the highest. */
const PRIORITY: Readonly<Record<number, string>> = { 1: '9', 2: '5', 3: '3', 4: '1' };

type Line = readonly [name: string, value: string];

/** Tasks as an iCalendar object (RFC 5545). */
export function calendarOf(entries: readonly Entry[], kind: CalendarKind): string {
  const head: Line[] = [['VERSION', '2.0'], ['PRODID', '-//Provost//Tasks//EN'], ['CALSCALE', 'GREGORIAN'], ['METHOD', 'PUBLISH'], ['X-WR-CALNAME', 'Tasks'], ['REFRESH-INTERVAL;VALUE=DURATION', 'PT15M']];
  const body = entries.flatMap((entry) => (kind === 'todos' ? todoOf(entry) : eventOf(entry)));
  const lines: Line[] = [['BEGIN', 'VCALENDAR'], ...head, ...body, ['END', 'VCALENDAR']];
  return lines.map(([name, value]) => contentLine(name, value)).join('');
}

function todoOf(entry: Entry): Line[] {
  const { task } = entry;
  return [
    ['BEGIN', 'VTODO'],
    ...shared(entry, task.title),
    ...(task.dueDay === null ? [] : [task.dueTime === null ? (['DUE;VALUE=DATE', dayValue(task.dueDay)] as const) : (['DUE', instantValue(task.dueAt!)] as const)]),
    ['STATUS', STATUS[task.status]],
    ...(task.completedAt ? ([['COMPLETED', instantValue(task.completedAt)], ['PERCENT-COMPLETE', '100']] as const) : []),
    ['END', 'VTODO'],
  ];
}

/** What has no date is no event. */
function eventOf(entry: Entry): Line[] {
  const { task } = entry;
  if (task.dueDay === null) return [];
  const title = task.status === 'completed' ? `✓ ${task.title}` : task.title;
  const times: Line[] =
    task.dueTime === null
      ? [['DTSTART;VALUE=DATE', dayValue(task.dueDay)], ['DTEND;VALUE=DATE', dayValue(Temporal.PlainDate.from(task.dueDay).add({ days: 1 }).toString())]]
      : [['DTSTART', instantValue(task.dueAt!)]];
  return [['BEGIN', 'VEVENT'], ...shared(entry, title), ...times, ['TRANSP', 'TRANSPARENT'], ['END', 'VEVENT']];
}

function shared({ task, tags }: Entry, title: string): Line[] {
  return [
    ['UID', task.id],
    ['DTSTAMP', instantValue(task.updatedAt)],
    ['CREATED', instantValue(task.createdAt)],
    ['LAST-MODIFIED', instantValue(task.updatedAt)],
    ['SEQUENCE', String(task.version - 1)],
    ['SUMMARY', textValue(title)],
    ...(task.description === null ? [] : [['DESCRIPTION', textValue(task.description)] as const]),
    ['PRIORITY', PRIORITY[task.priority]!],
    ...(tags.length === 0 ? [] : [['CATEGORIES', tags.map(textValue).join(',')] as const]),
    ...(task.parentId === null ? [] : [['RELATED-TO', task.parentId] as const]),
  ];
}
