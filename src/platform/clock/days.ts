import { Temporal } from 'temporal-polyfill';

export function isDay(text: unknown): text is string {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text).toString() === text;
  } catch {
    return false;
  }
}

/** How many days a range has, both ends included; negative when it runs backwards. */
export function daysBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to)).days + 1;
}

/** The first of so many days that end with this one. */
export function lastDays(to: string, count: number): string {
  return Temporal.PlainDate.from(to).subtract({ days: count - 1 }).toString();
}

/** The UTC day of an instant. */
export function utcDay(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** Every day from one to another, both included. */
export function daysFrom(from: string, to: string): string[] {
  const first = Temporal.PlainDate.from(from);
  return Array.from({ length: daysBetween(from, to) }, (_, days) => first.add({ days }).toString());
}
