import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { ActingRequest } from '../access/actor.js';
import { PrincipalKind } from '../access/permission.js';
import { RequestRates } from '../access/request-rates.js';
import { Changes } from '../platform/changes/changes.js';
import { Clock } from '../platform/clock/clock.js';
import type { AccountRow } from './account-state.js';
import { AccountStore } from './account-store.js';
import { limitOf } from './override-terms.js';
import { PlanBook } from './plan-book.js';

const MEMORY_MS = 1000;
const MEMORY_SIZE = 50_000;

type Rule = Pick<AccountRow, 'planId' | 'overrideRequests' | 'overrideUntil'>;

const NO_RULE: Rule = { planId: null, overrideRequests: null, overrideUntil: null };

/** The requests a minute that a user's plan or an override allows. Costs nothing while neither limits anybody's. */
@Injectable()
export class PlanRatesGuard implements CanActivate {
  private readonly rules = new Map<string, { rule: Rule; at: number }>();
  private changes = 0;

  constructor(
    private readonly plans: PlanBook,
    private readonly store: AccountStore,
    private readonly rates: RequestRates,
    private readonly clock: Clock,
    changes: Changes,
  ) {
    changes.on('plans', () => this.forget(undefined));
    changes.on('usage-rules', (userId) => this.forget(userId));
  }

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const { actor } = context.switchToHttp().getRequest<ActingRequest>();
    if (actor?.kind !== PrincipalKind.User) return true;
    this.plans.freshen();
    if (!this.plans.limitsRequests) return true;
    return this.count(actor.id, context);
  }

  private async count(userId: string, context: ExecutionContext): Promise<boolean> {
    let known = this.remembered(userId);
    const limit = await this.plans.using(async () => {
      const rule = known ?? (await this.read(userId));
      // What is remembered may name a plan that is gone: tried again, it is read.
      known = undefined;
      return this.limitOf(rule);
    });
    if (limit !== null) this.rates.countAgainst(limit, userId, context);
    return true;
  }

  private limitOf({ planId, overrideRequests, overrideUntil }: Rule): number | null {
    const { requestsPerMinute } = this.plans.of(planId);
    const isOverridden = overrideUntil !== null && overrideUntil > this.clock.millis();
    return isOverridden ? limitOf(overrideRequests, requestsPerMinute) : requestsPerMinute;
  }

  /** Which rule is a second old at most, and forgotten when it changes; how much is left is never remembered. */
  private remembered(userId: string): Rule | undefined {
    const now = this.clock.millis();
    const known = this.rules.get(userId);
    return known && now >= known.at && now - known.at < MEMORY_MS ? known.rule : undefined;
  }

  private async read(userId: string): Promise<Rule> {
    const now = this.clock.millis();
    const { changes } = this;
    const { planId, overrideRequests, overrideUntil } = (await this.store.read(userId)) ?? NO_RULE;
    const rule = { planId, overrideRequests, overrideUntil };
    if (this.rules.size >= MEMORY_SIZE) this.rules.clear();
    // What was read while something changed may be from before the change.
    if (changes === this.changes) this.rules.set(userId, { rule, at: now });
    return rule;
  }

  private forget(userId: string | undefined): void {
    this.changes += 1;
    if (userId === undefined) this.rules.clear();
    else this.rules.delete(userId);
  }
}
