import type { LocalDay } from '../platform/clock/local-days.js';
import { newId } from '../platform/ids/ids.js';
import { LedgerKind } from './ledger-entry.entity.js';
import { columnOf, limitOf, type OverrideTerms } from './override-terms.js';
import type { PlanTerms } from './plan-book.js';

/** Who moved credits, and why. */
export interface Cause {
  readonly actorKind: string;
  readonly actorId: string | null;
  readonly reason?: string;
  readonly reference?: string;
}

export interface Movement extends Cause {
  readonly id: string;
  readonly kind: LedgerKind;
  readonly amount: number;
  readonly balanceAfter: number;
}

export interface ClosedDay {
  readonly day: string;
  readonly conversations: number;
  readonly credits: number;
}

/** What a reservation took, and when. */
export interface HeldCredits {
  readonly credits: number;
  /** Those that the plan had given. */
  readonly planCredits: number;
  readonly day: string;
  readonly month: string;
}

export type Refusal = 'limit' | 'credits';

export interface AccountRow {
  userId: string;
  planId: string | null;
  day: string;
  used: number;
  spent: number;
  balance: number;
  planBalance: number;
  month: string;
  /** As columns hold them, see `limitOf`. */
  overrideConversations: number | null;
  overrideCredits: number | null;
  overrideRequests: number | null;
  /** Milliseconds. */
  overrideUntil: number | null;
}

const PLAN_CAUSE: Cause = { actorKind: 'system', actorId: null, reason: 'plan' };

/**
 * The rules of one user's usage, over the row as a transaction holds it. Whatever a change brings along (ledger rows,
 * days that are over) is gathered here and written with it.
 */
export class AccountState {
  readonly movements: Movement[] = [];
  readonly closedDays: ClosedDay[] = [];
  /** Conversations taken since the row was loaded, when nothing else changed: the cheap case for the writer. */
  taken = 0;
  /** More than `used` went up. */
  changed = false;
  overrideEnded = false;

  constructor(readonly row: AccountRow) {}

  /**
   * Brings the row to the user's present day and month. The day never goes back: who moves to another time zone does
   * not count the same day twice.
   */
  open(today: LocalDay, plan: PlanTerms, now: number): this {
    const refill = this.refillAt(today.monthStartsAt, plan);
    this.expireOverride(now);
    if (this.row.day < today.day) this.openDay(today.day);
    if (this.row.month < today.month) this.openMonth(today.month, refill);
    return this;
  }

  /** Conversations a day; null is unlimited, by an override as well. */
  limit(plan: PlanTerms): number | null {
    const { overrideUntil, overrideConversations } = this.row;
    return overrideUntil === null ? plan.conversationsPerDay : limitOf(overrideConversations, plan.conversationsPerDay);
  }

  /** Takes what is asked for, or nothing and says what stood in the way. */
  take(conversations: number, credits: number, plan: PlanTerms, cause: Cause): Refusal | undefined {
    const limit = this.limit(plan);
    if (conversations > 0 && limit !== null && this.row.used + conversations > limit) return 'limit';
    if (credits > this.row.balance) return 'credits';
    this.row.used += conversations;
    this.taken += conversations;
    if (credits > 0) this.spend(credits, cause);
    return undefined;
  }

  /** Spends credits, those of the plan first; answers how many of them were the plan's. */
  spend(credits: number, cause: Cause): number {
    const ofPlan = Math.min(this.row.planBalance, credits);
    this.row.planBalance -= ofPlan;
    this.row.spent += credits;
    this.move(LedgerKind.Spend, -credits, cause);
    return ofPlan;
  }

  /** Gives back credits that were spent. What came from a plan's grant that has ended since ends too. */
  refund(credits: number, ofPlan: number, month: string, day: string, cause: Cause): void {
    if (credits <= 0) return;
    this.move(LedgerKind.Refund, credits, cause);
    if (day === this.row.day) this.row.spent = Math.max(0, this.row.spent - credits);
    if (ofPlan <= 0) return;
    if (month === this.row.month) this.row.planBalance += ofPlan;
    else this.move(LedgerKind.Expire, -ofPlan, cause);
  }

  /** Ends a reservation that cost less than it held. It has cost the plan's credits first, as all spending does. */
  settleLess({ credits, planCredits, day, month }: HeldCredits, cost: number, cause: Cause): void {
    this.refund(credits - cost, planCredits - Math.min(planCredits, cost), month, day, cause);
  }

  giveBackConversations(count: number, day: string): void {
    if (count <= 0 || day !== this.row.day) return;
    this.row.used = Math.max(0, this.row.used - count);
    this.changed = true;
  }

  grant(credits: number, cause: Cause): void {
    this.move(LedgerKind.Grant, credits, cause);
  }

  /** Corrects the balance; answers false, and does nothing, when it would fall below zero. */
  adjust(amount: number, cause: Cause): boolean {
    if (this.row.balance + amount < 0) return false;
    this.move(LedgerKind.Adjust, amount, cause);
    this.row.planBalance = Math.min(this.row.planBalance, this.row.balance);
    return true;
  }

  /** In place of the one in force. */
  override({ conversationsPerDay, creditsPerMonth, requestsPerMinute }: OverrideTerms, until: number): void {
    this.row.overrideConversations = columnOf(conversationsPerDay);
    this.row.overrideCredits = columnOf(creditsPerMonth);
    this.row.overrideRequests = columnOf(requestsPerMinute);
    this.row.overrideUntil = until;
    this.changed = true;
  }

  /** Answers false when there was none. */
  endOverride(): boolean {
    if (this.row.overrideUntil === null) return false;
    this.override({}, 0);
    this.row.overrideUntil = null;
    return true;
  }

  assignPlan(planId: string | null): void {
    this.row.planId = planId;
    this.changed = true;
  }

  private expireOverride(now: number): void {
    if (this.row.overrideUntil === null || this.row.overrideUntil > now) return;
    this.overrideEnded = this.endOverride();
  }

  /** What the month that began then brings, however late it is opened: whatever override there is was made before it. */
  private refillAt(monthStart: number, { creditsPerMonth }: PlanTerms): number {
    const { overrideUntil, overrideCredits } = this.row;
    return overrideUntil !== null && overrideUntil > monthStart ? (overrideCredits ?? creditsPerMonth) : creditsPerMonth;
  }

  private openDay(day: string): void {
    const { used, spent } = this.row;
    if (used > 0 || spent > 0) this.closedDays.push({ day: this.row.day, conversations: used, credits: spent });
    Object.assign(this.row, { day, used: 0, spent: 0 });
    this.changed = true;
  }

  private openMonth(month: string, credits: number): void {
    const left = this.row.planBalance;
    this.row.planBalance = 0;
    if (left > 0) this.move(LedgerKind.Expire, -left, PLAN_CAUSE);
    if (credits > 0) {
      this.move(LedgerKind.Grant, credits, PLAN_CAUSE);
      this.row.planBalance = credits;
    }
    this.row.month = month;
    this.changed = true;
  }

  private move(kind: LedgerKind, amount: number, cause: Cause): void {
    this.row.balance += amount;
    this.movements.push({ id: newId(), kind, amount, balanceAfter: this.row.balance, ...cause });
    this.changed = true;
  }
}
