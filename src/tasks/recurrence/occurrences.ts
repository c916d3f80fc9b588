import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { type Due, timed, wholeDay } from '../due/due.js';
import { NeverFires, RecurrenceRefused } from './recurrence.problems.js';

/** A kept rule, with the day or day and time that it counts from. */
export interface Recurrence {
  readonly rule: string;
  readonly start: string;
}

/** Steps of the search for a first occurrence; a rule that has none by then never will, or not in anybody's life. */
const STEPS_TO_FIRST = 2000;
const STEPS_TO_NEXT = 10_000;
/** That both engines hold. */
const LAST_YEAR = 9998;
const TOO_FAR = /^Maximum (?:iterations|candidate)/i;

/** The start of a recurrence whose first due date this is. */
export function startOf({ day, time }: Due): string {
  return time === null ? day : `${day}T${time}`;
}

/** Refuses a rule that cannot be carried out, or has no occurrence at all. */
export function demandOccurrence(rule: string, due: Due): void {
  if (first(rule, due) === null) throw new NeverFires();
}

/** The first occurrence after this due date that is not late already; undefined when there is none any more. */
export function nextOf({ rule, start }: Recurrence, due: Due, now: Date): Due | undefined {
  const after = due.time === null ? endOfDay(due, now) : Temporal.Instant.fromEpochMilliseconds(Math.max(due.at.getTime(), now.getTime()));
  const next = search(rule, start, due, STEPS_TO_NEXT, after.toString(), false);
  if (next === null) return undefined;
  const local = Temporal.ZonedDateTime.from(next);
  if (local.year > LAST_YEAR) return undefined;
  const day = local.toPlainDate().toString();
  return due.time === null ? wholeDay(day, due.zone) : timed(day, local.toPlainTime().toString(), due.zone);
}

function first(rule: string, due: Due): string | null {
  const from = due.time === null ? `${due.day}T00:00:00Z` : due.at.toISOString();
  try {
    return search(rule, startOf(due), due, STEPS_TO_FIRST, from, true);
  } catch (error) {
    throw new RecurrenceRefused(`This recurrence cannot be carried out: ${(error as Error).message}.`);
  }
}

/** Whole days are reckoned as midnights of UTC: they have no gaps. The day before today, so that today can come out. */
function endOfDay(due: Due, now: Date): Temporal.Instant {
  const yesterday = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(due.zone).toPlainDate().subtract({ days: 1 });
  const after = Temporal.PlainDate.compare(due.day, yesterday) > 0 ? Temporal.PlainDate.from(due.day) : yesterday;
  return after.toZonedDateTime('UTC').toInstant();
}

/** @returns an occurrence as ISO text with its zone, null when there is none */
function search(rule: string, start: string, { time, zone }: Due, steps: number, from: string, inclusive: boolean): string | null {
  const tzid = time === null ? 'UTC' : zone;
  const begin = Temporal.PlainDateTime.from(start);
  const recurrence = new RRuleTemporal({ rruleString: written(rule, begin, time === null), dtstart: begin.toZonedDateTime(tzid), tzid, strict: true, maxIterations: steps });
  try {
    const next = recurrence.next(Temporal.Instant.from(from).toZonedDateTimeISO(tzid), inclusive);
    return next === null ? null : String(next);
  } catch (error) {
    if (TOO_FAR.test((error as Error).message)) return null;
    throw error;
  }
}

/**
 * With the time of day spelled out: a start that falls into a gap of the clock is an hour later, and so would be everything
 * after it. The end of whole days as the library wants it.
 */
function written(rule: string, { hour, minute }: Temporal.PlainDateTime, wholeDays: boolean): string {
  if (wholeDays) return rule.replace(/UNTIL=(\d{8})(?=;|$)/, 'UNTIL=$1T000000Z');
  const times = [!rule.includes('BYHOUR=') && `BYHOUR=${hour}`, !rule.includes('BYMINUTE=') && `BYMINUTE=${minute}`];
  return [rule, ...times.filter((each) => each !== false)].join(';');
}
