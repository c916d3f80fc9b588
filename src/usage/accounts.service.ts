import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { type AuditActor, AuditService, type SYSTEM } from '../audit/audit.service.js';
import { Clock } from '../platform/clock/clock.js';
import { LocalDays } from '../platform/clock/local-days.js';
import { EntityTransaction } from '../platform/database/entity-transaction.js';
import { insertRow } from '../platform/database/insert-row.js';
import { NotFound } from '../platform/problems/problems.js';
import { UsersService } from '../users/users.service.js';
import type { AccountState, Cause } from './account-state.js';
import { AccountStore } from './account-store.js';
import { PlanBook } from './plan-book.js';
import { PlansService } from './plans.service.js';
import { BelowZero } from './usage.problems.js';
import { UsageOverride } from './usage-override.entity.js';

type Who = AuditActor | typeof SYSTEM;

/** What staff, admins and the command line change about a user's usage; each change with its audit row. */
@Injectable()
export class AccountsService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly store: AccountStore,
    private readonly plans: PlanBook,
    private readonly planList: PlansService,
    private readonly users: UsersService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly days: LocalDays,
  ) {}

  async assignPlan(who: Who, userId: string, planName: string): Promise<void> {
    const plan = await this.planList.byName(planName);
    await this.change(who, userId, 'usage.assign-plan', { plan: planName }, undefined, (account) => account.assignPlan(plan.id));
  }

  /** Credits that do not end with the month. */
  async grantCredits(who: Who, userId: string, credits: number, reason: string): Promise<void> {
    await this.change(who, userId, 'usage.grant-credits', { credits }, reason, (account, cause) => account.grant(credits, cause));
  }

  async adjustCredits(who: Who, userId: string, amount: number, reason: string): Promise<void> {
    await this.change(who, userId, 'usage.adjust-credits', { amount }, reason, (account, cause) => {
      if (!account.adjust(amount, cause)) throw new BelowZero(account.row.balance);
    });
  }

  /** Another limit until then; null is unlimited. It takes the place of the one in force. */
  async overrideLimit(who: Who, userId: string, conversationsPerDay: number | null, until: Date, reason: string): Promise<void> {
    const after = { conversationsPerDay, until };
    await this.change(who, userId, 'usage.override-limit', after, reason, (account) => account.override(conversationsPerDay, until.getTime()), (tx) =>
      insertRow(tx, UsageOverride, Object.assign(new UsageOverride(), { userId, conversationsPerDay, until, reason, grantedBy: who.id, createdAt: this.clock.now() })),
    );
  }

  private async change(
    who: Who,
    userId: string,
    action: string,
    after: Record<string, unknown>,
    reason: string | undefined,
    apply: (account: AccountState, cause: Cause) => void,
    also?: (tx: EntityManager) => Promise<void>,
  ): Promise<void> {
    const user = await this.users.find(userId);
    if (!user) throw new NotFound('user');
    await this.plans.using(() => this.db.transaction(async (tx) => {
      const connection = new EntityTransaction(tx);
      const account = (await this.store.hold(connection, [userId])).get(userId);
      if (!account) throw new NotFound('user');
      const now = this.clock.millis();
      account.open(this.days.at(now, user.timeZone), this.plans.of(account.row.planId), now);
      const before = { ...account.row };
      apply(account, { actorKind: who.kind, actorId: who.id, reason });
      await this.store.save(connection, [account]);
      await also?.(tx);
      await this.audit.record(tx, who, action, userId, { before, after, reason });
    }));
  }
}
