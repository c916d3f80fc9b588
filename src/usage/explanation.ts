import { limitOf } from './override-terms.js';
import type { UsageView } from './usage-reader.js';

export interface ExplainedLimit {
  readonly name: string;
  readonly limit: number | null;
  readonly per: string;
  /** `override`, `plan` or `default-plan`. */
  readonly decidedBy: string;
  readonly plan: string;
  readonly until: string | null;
  readonly resetsAt: string | null;
}

/** Each limit, which rule decided it and until when. */
export function explained({ plan, today, state, limits }: UsageView): ExplainedLimit[] {
  const { planId, overrideUntil, overrideConversations, overrideCredits, overrideRequests } = state.row;
  const byPlan = { decidedBy: planId === null ? 'default-plan' : 'plan', plan: plan.name, until: null };
  const by = (column: number | null) =>
    overrideUntil === null || column === null ? byPlan : { ...byPlan, decidedBy: 'override', until: new Date(overrideUntil).toISOString() };
  return [
    { name: 'conversations', limit: limits[0]!.limit, per: 'day', ...by(overrideConversations), resetsAt: limits[0]!.resetsAt },
    { name: 'credits', limit: limitOf(overrideCredits, plan.creditsPerMonth), per: 'month', ...by(overrideCredits), resetsAt: new Date(today.monthEndsAt).toISOString() },
    { name: 'requests', limit: limitOf(overrideRequests, plan.requestsPerMinute), per: 'minute', ...by(overrideRequests), resetsAt: null },
  ];
}
