import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AuditActor, SYSTEM } from '../audit/audit.service.js';
import { Clock } from '../platform/clock/clock.js';
import { LocalDays } from '../platform/clock/local-days.js';
import { EntityTransaction } from '../platform/database/entity-transaction.js';
import { padded, placeholders, Sql } from '../platform/database/sql.js';
import type { Cause } from './account-state.js';
import { AccountStore } from './account-store.js';
import { UnknownPlan } from './usage.problems.js';
import { PlanBook } from './plan-book.js';

/** What a user brings along or takes away: the plan by name (null is the default one) and credits that do not end with the month. */
export interface Holding {
  readonly plan: string | null;
  readonly credits: number;
}

export interface NewHolding extends Holding {
  readonly userId: string;
  readonly timeZone: string;
}

/** Plans and credits of many users at once. */
@Injectable()
export class Holdings {
  constructor(
    private readonly sql: Sql,
    private readonly store: AccountStore,
    private readonly plans: PlanBook,
    private readonly clock: Clock,
    private readonly days: LocalDays,
  ) {}

  /** Those who have used nothing yet, and hence have no account, are left out. */
  async of(userIds: readonly string[]): Promise<Map<string, Holding>> {
    if (userIds.length === 0) return new Map();
    const asked = padded(userIds);
    const { rows } = await this.sql.execute(
      `SELECT user_id, name, balance - plan_balance FROM usage_accounts LEFT JOIN plans ON plans.id = usage_accounts.plan_id WHERE user_id IN (${placeholders(asked.length)})`,
      asked,
    );
    return new Map(rows.map(([id, plan, credits]) => [id as string, { plan: plan as string | null, credits: Number(credits) }]));
  }

  /** Gives users of whom nothing is used yet what they bring along. The transaction is one that can be done again. */
  async bring(tx: EntityManager, who: AuditActor | typeof SYSTEM, holdings: readonly NewHolding[], planIds: ReadonlyMap<string, string>, reason: string): Promise<void> {
    if (holdings.length === 0) return;
    const connection = new EntityTransaction(tx);
    const accounts = await this.store.hold(connection, holdings.map(({ userId }) => userId));
    const cause: Cause = { actorKind: who.kind, actorId: who.id, reason };
    const now = this.clock.millis();
    for (const { userId, timeZone, plan, credits } of holdings) {
      const account = accounts.get(userId)!;
      if (plan !== null) account.assignPlan(idOf(plan, planIds));
      account.open(this.days.at(now, timeZone), this.plans.of(account.row.planId), now);
      if (credits > 0) account.grant(credits, cause);
    }
    await this.store.save(connection, accounts.values());
  }

  /** Ids of all plans by their names, and does work that names them. */
  async withPlans<T>(work: (planIds: ReadonlyMap<string, string>) => Promise<T>): Promise<T> {
    return this.plans.using(() => work(this.plans.ids()));
  }
}

/** It may have gone since somebody looked. */
function idOf(plan: string, planIds: ReadonlyMap<string, string>): string {
  const id = planIds.get(plan);
  if (id === undefined) throw new UnknownPlan(plan);
  return id;
}
