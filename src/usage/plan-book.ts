import { Injectable } from '@nestjs/common';
import { Changes } from '../platform/changes/changes.js';
import { Clock } from '../platform/clock/clock.js';
import { isMissingReference } from '../platform/database/failures.js';
import { type Row, Sql } from '../platform/database/sql.js';

/** What a plan says, as consumption needs it. */
export interface PlanTerms {
  readonly id: string;
  readonly name: string;
  /** Null is unlimited. */
  readonly conversationsPerDay: number | null;
  readonly creditsPerMonth: number;
  readonly requestsPerMinute: number | null;
  readonly features: Record<string, unknown>;
  readonly isDefault: boolean;
}

/** Never the default plan instead: for a moment that would be the wrong limit, and for a month the wrong credits. */
class PlanIsNewer extends Error {}

const MAX_AGE_MS = 1000;
/** As a range: an index answers it on both engines. */
const ANY_OVERRIDE = 'SELECT 1 FROM usage_accounts WHERE override_requests >= -1 LIMIT 1';
const SELECT = 'SELECT id, name, conversations_per_day, credits_per_month, requests_per_minute, features, is_default FROM plans';

/** All plans, few as they are, in memory; never older than a second, and read anew as soon as a change is heard of. */
@Injectable()
export class PlanBook {
  private plans = new Map<string, PlanTerms>();
  private fallback?: PlanTerms;
  private hasRequestOverrides = false;
  private readAt = -Infinity;
  private reading?: Promise<void>;

  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
    changes: Changes,
  ) {
    changes.on('plans', () => this.forget());
    // Perhaps the first override that limits requests.
    changes.on('usage-rules', () => this.forget());
  }

  /**
   * Does something that looks plans up. When an account names a plan that another process made after the book was read,
   * or one that is gone by now, the work fails as a whole, the book is read again, and it is done once more.
   */
  async using<T>(work: () => Promise<T> | T): Promise<T> {
    await this.refresh();
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PlanIsNewer) && !isMissingReference(error)) throw error;
      this.forget();
      await this.refresh();
      return work();
    }
  }

  /** Starts reading the book anew if it is too old, for those who do not wait for it. */
  freshen(): void {
    // Whoever needs the book itself learns of the failure; a glance at it does not.
    if (!this.isFresh) this.refresh().catch(() => undefined);
  }

  private get isFresh(): boolean {
    const age = this.clock.millis() - this.readAt;
    return age >= 0 && age < MAX_AGE_MS && this.fallback !== undefined;
  }

  private async refresh(): Promise<void> {
    if (this.isFresh) return;
    await (this.reading ??= this.read().finally(() => (this.reading = undefined)));
  }

  /** The plan of an account, inside `using`; the default one where it names none. */
  of(planId: string | null): PlanTerms {
    const plan = planId === null ? this.fallback : this.plans.get(planId);
    if (!plan) throw new PlanIsNewer();
    return plan;
  }

  /** Of all plans by their names, inside `using`. */
  ids(): Map<string, string> {
    return new Map([...this.plans.values()].map(({ name, id }) => [name, id]));
  }

  /** The plans that give credits each month, as accounts name them: null for the default one. */
  givingCredits(): (string | null)[] {
    const givers = [...this.plans.values()].filter((plan) => plan.creditsPerMonth > 0);
    return givers.flatMap((plan) => (plan.isDefault ? [plan.id, null] : [plan.id]));
  }

  /** Whether any plan or override limits requests a minute: without one, nobody has to be counted. */
  get limitsRequests(): boolean {
    return this.hasRequestOverrides || [...this.plans.values()].some((plan) => plan.requestsPerMinute !== null);
  }

  private forget(): void {
    this.readAt = -Infinity;
  }

  private async read(): Promise<void> {
    const at = this.clock.millis();
    const [{ rows }, overrides] = await Promise.all([this.sql.execute(SELECT, []), this.sql.execute(ANY_OVERRIDE, [])]);
    const plans = rows.map(termsOf);
    this.plans = new Map(plans.map((plan) => [plan.id, plan]));
    this.fallback = plans.find((plan) => plan.isDefault);
    this.hasRequestOverrides = overrides.rows.length > 0;
    this.readAt = at;
  }
}

function termsOf(row: Row): PlanTerms {
  return {
    id: row[0] as string,
    name: row[1] as string,
    conversationsPerDay: row[2] as number | null,
    creditsPerMonth: Number(row[3]),
    requestsPerMinute: row[4] as number | null,
    features: JSON.parse(row[5] as string) as Record<string, unknown>,
    isDefault: Boolean(row[6]),
  };
}
