import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { ActingRequest } from '../access/actor.js';
import { PrincipalKind } from '../access/permission.js';
import { RequestRates } from '../access/request-rates.js';
import { Clock } from '../platform/clock/clock.js';
import { AccountStore } from './account-store.js';
import { PlanBook } from './plan-book.js';

const MEMORY_MS = 5000;
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
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const { actor } = context.switchToHttp().getRequest<ActingRequest>();
    if (actor?.kind !== PrincipalKind.User) return true;
    this.plans.freshen();
    if (!this.plans.limitsRequests) return true;
    return this.count(actor.id, context);
  }

  private async count(userId: string, context: ExecutionContext): Promise<boolean> {
    const planId = await this.planIdOf(userId);
    const { requestsPerMinute } = await this.plans.using(() => this.plans.of(planId));
    if (requestsPerMinute !== null) this.rates.countAgainst(requestsPerMinute, userId, context);
    return true;
  }

  /** Which plan is a few seconds old at most; how much is left is never remembered. */
  private async planIdOf(userId: string): Promise<string | null> {
    const now = this.clock.millis();
    const known = this.planIds.get(userId);
    if (known && now >= known.at && now - known.at < MEMORY_MS) return known.planId;
    const planId = (await this.store.read(userId))?.planId ?? null;
    if (this.planIds.size >= MEMORY_SIZE) this.planIds.clear();
    this.planIds.set(userId, { planId, at: now });
    return planId;
  }
}
