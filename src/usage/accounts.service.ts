import { Injectable } from '@nestjs/common';
import { type EntityManager, MoreThan } from 'typeorm';
import { type AuditActor, AuditService, type SYSTEM } from '../audit/audit.service.js';
import { Changes } from '../platform/changes/changes.js';
import { Clock } from '../platform/clock/clock.js';
import { type LocalDay, LocalDays } from '../platform/clock/local-days.js';
import { EntityTransaction } from '../platform/database/entity-transaction.js';
import { insertRow } from '../platform/database/insert-row.js';
import { referring } from '../platform/database/referring.js';
import { Idempotency } from '../platform/idempotency/idempotency.js';
import type { IdempotentRequest } from '../platform/idempotency/idempotent-request.js';
import { NotFound, ValidationFailed } from '../platform/problems/problems.js';
import { UsersService } from '../users/users.service.js';
import { Events } from '../webhooks/events.js';
import type { AccountState, Cause } from './account-state.js';
import { AccountStore } from './account-store.js';
import { columnOf, type OverrideTerms } from './override-terms.js';
import { PlanBook } from './plan-book.js';
import { PlansService } from './plans.service.js';
import { BelowZero, OverrideTooShort, UnknownPlan } from './usage.problems.js';
import { UsageOverride } from './usage-override.entity.js';

type Who = AuditActor | typeof SYSTEM;

/** A movement of credits that somebody made. Plain JSON: a repeated request gets it again. */
export interface Moved {
  readonly id: string;
  readonly kind: string;
  readonly amount: number;
  readonly balanceAfter: number;
  readonly reason: string | null;
}

interface Change<T> {
  readonly action: string;
  /** Whether it changes what decides the limits, which others remember. */
  readonly rules?: true;
  readonly after?: Record<string, unknown>;
  readonly reason?: string | undefined;
  readonly repeat?: IdempotentRequest | undefined;
  readonly apply: (account: AccountState, cause: Cause, today: LocalDay) => T;
  readonly also?: (tx: EntityManager, answer: T) => Promise<unknown>;
}

/** What staff, admins and the command line change about a user's usage; each change with its audit row. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly idempotency: Idempotency,
    private readonly store: AccountStore,
    private readonly plans: PlanBook,
    private readonly planList: PlansService,
    private readonly users: UsersService,
    private readonly changes: Changes,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly days: LocalDays,
    private readonly events: Events,
  ) {}

  /** @param planName null is the default plan, whichever that is at the moment */
  async assignPlan(who: Who, userId: string, planName: string | null, reason?: string): Promise<void> {
    const plan = planName === null ? null : await this.planList.byName(planName);
    const apply = (account: AccountState): object => {
      account.assignPlan(plan?.id ?? null);
      return {};
    };
    const also = (tx: EntityManager): Promise<void> => this.events.emit(tx, { type: 'user.plan-changed', userId, data: { id: userId, plan: planName } });
    const assign = (): Promise<object> => this.change(who, userId, { action: 'usage.assign-plan', rules: true, after: { plan: planName }, reason, apply, also });
    await referring(assign, () => (planName === null ? new NotFound('user') : new UnknownPlan(planName)));
  }

  /** Credits that do not end with the month. */
  grantCredits(who: Who, userId: string, credits: number, reason: string, repeat?: IdempotentRequest): Promise<Moved> {
    const apply = (account: AccountState, cause: Cause): Moved => {
      account.grant(credits, cause);
      return lastMoved(account);
    };
    return this.change(who, userId, { action: 'usage.grant-credits', after: { credits }, reason, repeat, apply, also: this.tellMoved('credits.granted', userId) });
  }

  adjustCredits(who: Who, userId: string, amount: number, reason: string, repeat?: IdempotentRequest): Promise<Moved> {
    const apply = (account: AccountState, cause: Cause): Moved => {
      if (!account.adjust(amount, cause)) throw new BelowZero(account.row.balance);
      return lastMoved(account);
    };
    return this.change(who, userId, { action: 'usage.adjust-credits', after: { amount }, reason, repeat, apply, also: this.tellMoved('credits.adjusted', userId) });
  }

  /** Other limits until then. They take the place of those in force. */
  async override(who: Who, userId: string, terms: OverrideTerms, until: Date, reason: string): Promise<void> {
    if (Object.values(terms).every((limit) => limit === undefined)) throw new ValidationFailed([{ pointer: '', code: 'nothing', detail: 'Name at least one limit.' }]);
    if (until <= this.clock.now()) throw new ValidationFailed([{ pointer: '/until', code: 'future', detail: 'until must lie in the future.' }]);
    const apply = (account: AccountState, _: Cause, today: LocalDay): object => {
      if (terms.creditsPerMonth !== undefined && until.getTime() <= today.monthEndsAt) throw new OverrideTooShort(today.monthEndsAt);
      account.override(terms, until.getTime());
      return {};
    };
    const also = async (tx: EntityManager): Promise<void> => {
      await insertRow(tx, UsageOverride, this.rowOf(who, userId, terms, until, reason));
      await this.events.emit(tx, { type: 'user.limits-changed', userId, data: { id: userId, ...terms, until: until.toISOString() } });
    };
    await this.change(who, userId, { action: 'usage.override-limit', rules: true, after: { ...terms, until }, reason, apply, also });
  }

  /** The plan decides again. */
  async endOverride(who: Who, userId: string, reason: string | undefined): Promise<void> {
    const until = this.clock.now();
    const apply = (account: AccountState): object => {
      if (!account.endOverride()) throw new NotFound('override');
      return {};
    };
    const also = async (tx: EntityManager): Promise<void> => {
      await tx.update(UsageOverride, { userId, until: MoreThan(until) }, { until });
      await this.events.emit(tx, { type: 'user.limits-changed', userId, data: { id: userId, until: null } });
    };
    await this.change(who, userId, { action: 'usage.end-override', rules: true, reason, apply, also });
  }

  private tellMoved(type: 'credits.granted' | 'credits.adjusted', userId: string): (tx: EntityManager, moved: Moved) => Promise<void> {
    return (tx, { amount, balanceAfter }) => this.events.emit(tx, { type, userId, data: { userId, credits: amount, balance: balanceAfter } });
  }

  private rowOf({ id: grantedBy }: Who, userId: string, { conversationsPerDay, creditsPerMonth, requestsPerMinute }: OverrideTerms, until: Date, reason: string): UsageOverride {
    const limits = { conversationsPerDay: columnOf(conversationsPerDay), creditsPerMonth: columnOf(creditsPerMonth), requestsPerMinute: columnOf(requestsPerMinute) };
    return Object.assign(new UsageOverride(), { userId, ...limits, until, reason, grantedBy, createdAt: this.clock.now() });
  }

  private async change<T extends object>(who: Who, userId: string, { action, rules, after, reason, repeat, apply, also }: Change<T>): Promise<T> {
    const { timeZone } = await this.users.get(userId);
    return this.plans.using(() => this.idempotency.inTransaction(repeat, async (tx) => {
      const connection = new EntityTransaction(tx);
      const account = (await this.store.hold(connection, [userId])).get(userId);
      if (!account) throw new NotFound('user');
      const now = this.clock.millis();
      const today = this.days.at(now, timeZone);
      account.open(today, this.plans.of(account.row.planId), now);
      const before = { ...account.row };
      const answer = apply(account, { actorKind: who.kind, actorId: who.id, reason }, today);
      await this.store.save(connection, [account]);
      await also?.(tx, answer);
      await this.audit.record(tx, who, action, userId, { before, after, reason });
      if (rules) await this.changes.announce(tx, 'usage-rules', userId);
      return answer;
    }));
  }
}

function lastMoved({ movements }: AccountState): Moved {
  const { id, kind, amount, balanceAfter, reason } = movements.at(-1)!;
  return { id, kind, amount, balanceAfter, reason: reason ?? null };
}
