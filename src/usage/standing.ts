import type { LocalDay } from '../platform/clock/local-days.js';
import type { AccountState } from './account-state.js';
import type { PlanTerms } from './plan-book.js';

export interface LimitState {
  name: string;
  limit: number | null;
  used: number;
  remaining: number | null;
  resetsAt: string;
}

/** Where a user stands: the answer to a consumption, granted or not. */
export interface Standing {
  limits: LimitState[];
  credits: { balance: number };
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
