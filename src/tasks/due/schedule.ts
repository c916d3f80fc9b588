import { demandOccurrence, startOf } from '../recurrence/occurrences.js';
import { NothingToRecurFrom } from '../recurrence/recurrence.problems.js';
import { ruleOf } from '../recurrence/rule.js';
import { NEVER, type Task } from '../task.entity.js';
import { type Due, dueOf, movedTo } from './due.js';

export interface ScheduleChange {
  readonly dueDate?: string | null | undefined;
  readonly timeZone?: string | undefined;
  readonly recurrence?: string | null | undefined;
}

/** When it is due, and again. What a client sends back as it got it changes nothing; anything else begins the recurrence anew. */
export function schedule(task: Task, { dueDate, timeZone = task.timeZone, recurrence = task.recurrence }: ScheduleChange): void {
  const isSameDate = dueDate === undefined || dueDate === shownDue(task);
  if (isSameDate && timeZone === task.timeZone && recurrence === task.recurrence) return;
  const due = isSameDate ? knownDue(task, timeZone) : dueDate === null ? undefined : dueOf(dueDate, timeZone);
  Object.assign(task, { timeZone }, columnsOf(due));
  if (recurrence !== null && !due) throw new NothingToRecurFrom();
  task.recurrence = recurrence === null ? null : ruleOf(recurrence, due!);
  task.recurrenceStart = task.recurrence === null ? null : startOf(due!);
  if (task.recurrence !== null) demandOccurrence(task.recurrence, due!);
}

/** Day and time stay as they were typed; in another zone they are another instant. */
function knownDue({ dueDay, dueTime, timeZone, dueAt, lateAt }: Task, zone: string): Due | undefined {
  if (dueDay === null) return undefined;
  return zone === timeZone ? { day: dueDay, time: dueTime, zone, at: dueAt!, lateAt } : movedTo(zone, { day: dueDay, time: dueTime });
}

export function dueOfTask(task: Task): Due | undefined {
  return knownDue(task, task.timeZone);
}

export function columnsOf(due: Due | undefined): Pick<Task, 'dueDay' | 'dueTime' | 'dueAt' | 'lateAt'> {
  return due ? { dueDay: due.day, dueTime: due.time, dueAt: due.at, lateAt: due.lateAt } : { dueDay: null, dueTime: null, dueAt: null, lateAt: NEVER };
}

/** A day, or an instant where it has a time. */
export function shownDue({ dueDay, dueTime, dueAt }: Pick<Task, 'dueDay' | 'dueTime' | 'dueAt'>): string | null {
  return dueTime === null ? dueDay : dueAt!.toISOString();
}
