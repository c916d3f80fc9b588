import { daysBetween, daysFrom, lastDays } from '../../platform/clock/days.js';
import { type DaySum, MEASURES, type Measures } from './day-sums.js';

export interface Streak {
  /** Days in a row up to today, or up to yesterday while nothing was studied today. */
  readonly current: number;
  readonly longest: number;
}

export interface Goal {
  readonly dailyMinutes: number;
  readonly daysMet: number;
  readonly todayMinutes: number;
}

const MS_A_MINUTE = 60_000;
const MS_AN_HOUR = 3_600_000;
const LEVELS = 4;

/** @param days on which something was studied, in their order */
export function streakOf(days: readonly string[], today: string): Streak {
  let [longest, run, last] = [0, 0, ''];
  for (const day of days) {
    run = last !== '' && daysBetween(last, day) === 2 ? run + 1 : 1;
    longest = Math.max(longest, run);
    last = day;
  }
  const isAlive = last === today || last === lastDays(today, 2);
  return { current: isAlive ? run : 0, longest };
}

export function totalOf(sums: readonly Measures[]): Measures {
  const total = { sessions: 0, readingMs: 0, exerciseMs: 0, pagedMs: 0, pages: 0, wordedMs: 0, words: 0, exercises: 0 };
  for (const sum of sums) for (const measure of MEASURES) total[measure] += sum[measure];
  return total;
}

export function totalsBy<S extends Measures>(sums: readonly S[], keyOf: (sum: S) => string): Map<string, Measures> {
  const groups = new Map<string, S[]>();
  for (const sum of sums) groups.set(keyOf(sum), [...(groups.get(keyOf(sum)) ?? []), sum]);
  return new Map([...groups].map(([key, group]) => [key, totalOf(group)]));
}

/** Every day from one to the other, those without study too. */
export function eachDay(sums: readonly DaySum[], from: string, to: string): (Measures & { day: string })[] {
  const byDay = totalsBy(sums, ({ day }) => day);
  return daysFrom(from, to).map((day) => ({ day, ...(byDay.get(day) ?? totalOf([])) }));
}

export function msOf({ readingMs, exerciseMs }: Measures): number {
  return readingMs + exerciseMs;
}

/** Null where no time with known pages or words was measured. */
export function perHour(amount: number, ms: number): number | null {
  return ms === 0 ? null : (amount * MS_AN_HOUR) / ms;
}

export function goalOf(days: readonly (Measures & { day: string })[], dailyMinutes: number, today: Measures): Goal {
  const daysMet = days.filter((day) => msOf(day) >= dailyMinutes * MS_A_MINUTE).length;
  return { dailyMinutes, daysMet, todayMinutes: Math.floor(msOf(today) / MS_A_MINUTE) };
}

/** From 0, nothing, to 4: quarters of the days on which something was studied, so that one long day does not pale the others. */
export function heatLevels(lengths: readonly number[]): number[] {
  const studied = lengths.filter((ms) => ms > 0).sort((a, b) => a - b);
  return lengths.map((ms) => (ms <= 0 ? 0 : Math.max(1, Math.ceil((LEVELS * (studied.lastIndexOf(ms) + 1)) / studied.length))));
}
