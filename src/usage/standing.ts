import type { LocalDay, LocalDays } from '../platform/clock/local-days.js';
import type { AccountState } from './account-state.js';
import type { PlanTerms } from './plan-book.js';

export interface LimitState {
  name: string;
  limit: number | null;
  used: number;
  remaining: number | null;
  resetsAt: string;
}

/**
 * The day an account counts on: the user's own, or a later one that was begun before the user moved to a time zone
 * behind. The limit returns when that day is over.
 */
export function countingDay(days: LocalDays, now: number, timeZone: string, { row }: AccountState): LocalDay {
  let day = days.at(now, timeZone);
  // Two dates at most are in use on earth at a time; the bound is for a clock that was set back by years.
  for (let ahead = 0; day.day < row.day && ahead < 2; ahead += 1) day = days.at(day.endsAt, timeZone);
  return day;
}

/** Where a user stands: the answer to a consumption, granted or not. */
export interface Standing {
  limits: LimitState[];
  credits: { balance: number };
}

/** Where a user stands, and the day that was counted on. */
export interface Granted {
  readonly standing: Standing;
  readonly today: LocalDay;
}

export function standingOf(state: AccountState, plan: PlanTerms, today: LocalDay): Standing {
  const { used, balance } = state.row;
  const limit = state.limit(plan);
  const remaining = limit === null ? null : Math.max(0, limit - used);
  return { limits: [{ name: 'conversations', limit, used, remaining, resetsAt: instantText(today.endsAt) }], credits: { balance } };
}

let lastMillis = NaN;
let lastText = '';

/** Most callers of a moment have the same midnight: its text is made once. */
export function instantText(millis: number): string {
  if (millis !== lastMillis) {
    lastMillis = millis;
    lastText = new Date(millis).toISOString();
  }
  return lastText;
}
