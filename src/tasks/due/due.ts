import { Temporal } from 'temporal-polyfill';
import { isDay } from '../../platform/clock/days.js';

/** A due date as it was typed, and what it means. */
export interface Due {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** `HH:MM:SS`, perhaps with milliseconds; null for the whole day. */
  readonly time: string | null;
  readonly zone: string;
  /** When the day or time begins. */
  readonly at: Date;
  /** From when on it is late. */
  readonly lateAt: Date;
}

const LOCAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;
const EARLIEST = '1900-01-01';
const BEHIND = '9999';

/** Whether it is a due date, of years that both engines hold with room for every zone. */
export function isDue(text: unknown): boolean {
  return typeof text === 'string' && text >= EARLIEST && text < BEHIND && dueOf(text, 'UTC') !== undefined;
}

/** A day, a time on a day as clocks in `zone` show it, or an instant; undefined when it is none of them. */
export function dueOf(text: string, zone: string): Due | undefined {
  const day = text.slice(0, 10);
  // `Date` takes 30 February for 2 March.
  if (!isDay(day)) return undefined;
  if (text === day) return wholeDay(day, zone);
  if (INSTANT.test(text)) return instant(text, zone);
  if (!LOCAL.test(text)) return undefined;
  try {
    return timed(day, Temporal.PlainTime.from(text.slice(11)).toString(), zone);
  } catch {
    return undefined;
  }
}

export function wholeDay(day: string, zone: string): Due {
  const date = Temporal.PlainDate.from(day);
  return { day, time: null, zone, at: startOf(date, zone), lateAt: startOf(date.add({ days: 1 }), zone) };
}

/** A time that the day does not have is read with the offset from before the gap, as RFC 5545 (3.3.5) says; of two, the first counts. */
export function timed(day: string, time: string, zone: string): Due {
  const at = new Date(Temporal.PlainDateTime.from(`${day}T${time}`).toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds);
  return { day, time, zone, at, lateAt: at };
}

/** Day and time as they were typed, meant somewhere else. */
export function movedTo(zone: string, { day, time }: Pick<Due, 'day' | 'time'>): Due {
  return time === null ? wholeDay(day, zone) : timed(day, time, zone);
}

/** The instant stays as it is, also where the clocks of the zone show its time twice. */
function instant(text: string, zone: string): Due | undefined {
  const millis = Date.parse(text);
  if (Number.isNaN(millis)) return undefined;
  const local = Temporal.Instant.fromEpochMilliseconds(millis).toZonedDateTimeISO(zone);
  const at = new Date(millis);
  return { day: local.toPlainDate().toString(), time: local.toPlainTime().toString(), zone, at, lateAt: at };
}

function startOf(date: Temporal.PlainDate, zone: string): Date {
  return new Date(date.toZonedDateTime(zone).startOfDay().epochMilliseconds);
}
