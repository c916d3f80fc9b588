import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { type LocalDay, LocalDays } from '../platform/clock/local-days.js';
import { millisOf, Sql } from '../platform/database/sql.js';
import type { ListQueryDto } from '../platform/lists/list-query.dto.js';
import { Keyset, type Page } from '../platform/lists/keyset.js';
import type { Sortable } from '../platform/lists/sorting.js';
import { type ListPage, Lists } from '../platform/lists/lists.js';
import type { Wanted } from '../platform/lists/wanted.js';
import { UsersService } from '../users/users.service.js';
import { AccountState, type AccountRow } from './account-state.js';
import { AccountStore } from './account-store.js';
import { CREDITS_LIST } from './credits.list.js';
import { type HistoryRange, rangeOf } from './history-range.js';
import type { LedgerEntry } from './ledger-entry.entity.js';
import { PlanBook, type PlanTerms } from './plan-book.js';
import { countingDay, type Standing, standingOf } from './standing.js';

export interface UsageView extends Standing {
  plan: PlanTerms;
  today: LocalDay;
  timeZone: string;
  state: AccountState;
}

export interface StatementLine {
  id: string;
  kind: string;
  amount: number;
  balanceAfter: number;
  reason: string | null;
  reference: string | null;
  at: string;
}

export type CreditMovement = Readonly<Pick<LedgerEntry, 'id' | 'kind' | 'amount' | 'balanceAfter' | 'actorKind' | 'actorId' | 'reason' | 'reference' | 'at'>>;

export interface UsedDay {
  readonly day: string;
  readonly conversations: number;
  readonly credits: number;
}

const STATEMENT: Sortable = { by: { at: { column: 'at', kind: 'instant' } }, default: '-at', id: 'id' };

/** Usage as it stands, read without locks. A day or month that nobody has opened yet is opened in the answer only. */
@Injectable()
export class UsageReader {
  constructor(
    private readonly sql: Sql,
    private readonly store: AccountStore,
    private readonly plans: PlanBook,
    private readonly users: UsersService,
    private readonly lists: Lists,
    private readonly clock: Clock,
    private readonly days: LocalDays,
  ) {}

  async view(userId: string, knownZone?: string): Promise<UsageView> {
    const [row, timeZone] = await Promise.all([this.store.read(userId), knownZone ?? this.users.get(userId).then((user) => user.timeZone)]);
    const plan = await this.plans.using(() => this.plans.of(row?.planId ?? null));
    const now = this.clock.millis();
    const today = this.days.at(now, timeZone);
    const state = new AccountState(row ?? emptyRow(userId)).open(today, plan, now);
    return { ...standingOf(state, plan, countingDay(this.days, now, timeZone, state)), plan, today, timeZone, state };
  }

  /** Days with use between two local days, both included, oldest first. */
  async history(userId: string, range: HistoryRange): Promise<UsedDay[]> {
    const { state, today } = await this.view(userId);
    const [from, to] = rangeOf(range, today.day);
    const { rows } = await this.sql.execute('SELECT day, conversations, credits FROM usage_days WHERE user_id = ? AND day >= ? AND day <= ? ORDER BY day', [userId, from, to]);
    const present = [...state.closedDays, { day: state.row.day, conversations: state.row.used, credits: state.row.spent }];
    const byDay = new Map(rows.map(([day, conversations, credits]) => [day as string, { day: day as string, conversations: Number(conversations), credits: Number(credits) }]));
    for (const each of present) if (each.day >= from && each.day <= to) byDay.set(each.day, each);
    return [...byDay.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
  }

  /** Every movement of a user's credits, as admins list them. */
  async credits(userId: string, wanted: Wanted): Promise<ListPage<CreditMovement>> {
    await this.users.get(userId);
    return this.lists.page(CREDITS_LIST, wanted, { sql: 'user_id = ?', values: [userId] });
  }

  /** Why the override that is in force was made. */
  async overrideReason({ state }: UsageView): Promise<string | null> {
    const { userId, overrideUntil } = state.row;
    if (overrideUntil === null) return null;
    const { rows } = await this.sql.execute('SELECT reason FROM usage_overrides WHERE user_id = ? ORDER BY id DESC LIMIT 1', [userId]);
    return (rows[0]?.[0] as string | undefined) ?? null;
  }

  async statement(userId: string, query: ListQueryDto): Promise<Page<StatementLine>> {
    const keyset = Keyset.of(query, STATEMENT);
    await this.users.get(userId);
    const { rows } = await this.sql.execute(
      `SELECT id, kind, amount, balance_after, reason, reference, at FROM credit_ledger WHERE user_id = ? AND ${keyset.where} ${keyset.tail}`,
      [userId, ...keyset.values],
    );
    const lines = rows.map(([id, kind, amount, balanceAfter, reason, reference, at]) => ({
      id: id as string,
      kind: kind as string,
      amount: Number(amount),
      balanceAfter: Number(balanceAfter),
      reason: reason as string | null,
      reference: reference as string | null,
      at: new Date(millisOf(at)).toISOString(),
    }));
    return keyset.page(lines, ({ id, at }) => ({ value: Date.parse(at), id }));
  }
}

function emptyRow(userId: string): AccountRow {
  return { userId, planId: null, day: '', used: 0, spent: 0, balance: 0, planBalance: 0, month: '', overrideConversations: null, overrideCredits: null, overrideRequests: null, overrideUntil: null };
}
