/** An exception from a plan: null is unlimited, and what is absent the plan decides. */
export interface OverrideTerms {
  readonly conversationsPerDay?: number | null;
  readonly creditsPerMonth?: number;
  readonly requestsPerMinute?: number | null;
}

/** In a column null means that the plan decides, so no limit at all needs a number. */
const UNLIMITED = -1;

export function columnOf(limit: number | null | undefined): number | null {
  return limit === undefined ? null : (limit ?? UNLIMITED);
}

/** What holds: the column of an override that is in force, or the plan. */
export function limitOf(column: number | null, ofPlan: number | null): number | null {
  if (column === null) return ofPlan;
  return column === UNLIMITED ? null : column;
}

/** As people read it. */
export function wordOf(column: number | null): number | string | null {
  return column === UNLIMITED ? 'unlimited' : column;
}
