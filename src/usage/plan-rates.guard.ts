import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { ActingRequest } from '../access/actor.js';
import { PrincipalKind } from '../access/permission.js';
import { RequestRates } from '../access/request-rates.js';
import { Changes } from '../platform/changes/changes.js';
import { Clock } from '../platform/clock/clock.js';
import { AccountStore } from './account-store.js';
import { PlanBook } from './plan-book.js';

const MEMORY_MS = 1000;
const MEMORY_SIZE = 50_000;

/** The requests a minute that a user's plan allows. Costs nothing while no plan limits them. */
@Injectable()
export class PlanRatesGuard implements CanActivate {
  private readonly planIds = new Map<string, { planId: string | null; at: number }>();

  constructor(
    private readonly plans: PlanBook,
    private readonly store: AccountStore,
    private readonly rates: RequestRates,
    private readonly clock: Clock,
    changes: Changes,
  ) {
    changes.on('plans', () => this.planIds.clear());
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
    const { requestsPerMinute } = await this.plans.using(async () => {
      const planId = known === undefined ? await this.read(userId) : known;
      // What is remembered may be a plan that is gone: tried again, it is read.
      known = undefined;
      return this.plans.of(planId);
    });
    if (requestsPerMinute !== null) this.rates.countAgainst(requestsPerMinute, userId, context);
    return true;
  }

  /** Which plan is a second old at most; how much is left is never remembered. */
  private remembered(userId: string): string | null | undefined {
    const now = this.clock.millis();
    const known = this.planIds.get(userId);
    return known && now >= known.at && now - known.at < MEMORY_MS ? known.planId : undefined;
  }

  private async read(userId: string): Promise<string | null> {
    const now = this.clock.millis();
    const planId = (await this.store.read(userId))?.planId ?? null;
    if (this.planIds.size >= MEMORY_SIZE) this.planIds.clear();
    this.planIds.set(userId, { planId, at: now });
    return planId;
  }
}
