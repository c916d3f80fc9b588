import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { utcDay } from '../platform/clock/days.js';
import { MergedLookup } from '../platform/database/merged-lookup.js';
import { millisOf, padded, placeholders, type Row, Sql, type SqlConnection, type SqlValue } from '../platform/database/sql.js';
import { Stats } from '../stats/stats.service.js';
import { Tally } from '../stats/tally.js';
import { type AccountRow, AccountState, type ClosedDay, type Movement } from './account-state.js';
import { spentBy } from './usage-counts.js';

const COLUMNS = ['user_id', 'plan_id', 'day', 'used', 'spent', 'balance', 'plan_balance', 'month', 'override_conversations', 'override_credits', 'override_requests', 'override_until'];
const SELECT = `SELECT ${COLUMNS.join(', ')} FROM usage_accounts WHERE user_id`;
const LEDGER = 'INSERT INTO credit_ledger (id, user_id, kind, amount, balance_after, actor_kind, actor_id, reason, reference, at) VALUES';

/** Loads accounts under lock and writes them back, many at a time, always in the order of their ids. */
@Injectable()
export class AccountStore {
  private readonly lookups: MergedLookup<AccountRow>;

  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly stats: Stats,
  ) {
    this.lookups = new MergedLookup(sql, SELECT, accountRowOf);
  }

  /** The row as it is, without a lock; undefined before the first use. */
  read(userId: string): Promise<AccountRow | undefined> {
    return this.lookups.find(userId);
  }

  /** The accounts of these users, held until the transaction ends; made for those who have none. Unknown users are left out. */
  async hold(tx: SqlConnection, userIds: Iterable<string>): Promise<Map<string, AccountState>> {
    const ids = [...new Set(userIds)].sort();
    const held = await this.select(tx, ids);
    const missing = ids.filter((id) => !held.has(id));
    if (missing.length === 0) return held;
    await this.make(tx, missing);
    for (const [id, state] of await this.select(tx, missing)) held.set(id, state);
    return held;
  }

  async save(tx: SqlConnection, states: Iterable<AccountState>): Promise<void> {
    const all = [...states];
    const changed = all.filter((state) => state.changed);
    await this.addTaken(tx, all.filter((state) => !state.changed && state.taken > 0));
    await this.replace(tx, changed);
    await this.insertMovements(tx, changed);
    await this.insertDays(tx, changed);
  }

  private async select(tx: SqlConnection, ids: string[]): Promise<Map<string, AccountState>> {
    const asked = padded(ids);
    const { rows } = await tx.execute(`${SELECT} IN (${placeholders(asked.length)}) ORDER BY user_id${this.sql.dialect.forUpdate}`, asked);
    return new Map(rows.map((row) => [row[0] as string, new AccountState(accountRowOf(row))]));
  }

  private async make(tx: SqlConnection, ids: string[]): Promise<void> {
    // From `principals`, so that a user who was erased meanwhile gets no account instead of an error.
    const values = "id, '', 0, 0, 0, 0, ''";
    const asked = padded(ids);
    await tx.execute(
      `${this.sql.dialect.insertIgnore} usage_accounts (user_id, day, used, spent, balance, plan_balance, month) SELECT ${values} FROM principals WHERE id IN (${placeholders(asked.length)}) ORDER BY id`,
      asked,
    );
  }

  /** The common case: some conversations were taken and nothing else happened. One statement for each number taken. */
  private async addTaken(tx: SqlConnection, states: AccountState[]): Promise<void> {
    const byNumber = groupBy(states, (state) => state.taken);
    for (const [taken, group] of byNumber) {
      const ids = padded(group.map((state) => state.row.userId).sort());
      await tx.execute(`UPDATE usage_accounts SET used = used + ? WHERE user_id IN (${placeholders(ids.length)})`, [taken, ...ids]);
    }
  }

  private async replace(tx: SqlConnection, states: AccountState[]): Promise<void> {
    if (states.length === 0) return;
    const rows = padded(states.map(({ row }) => valuesOf(row)).sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)));
    await tx.execute(
      `INSERT INTO usage_accounts (${COLUMNS.join(', ')}) VALUES ${tuples(rows.length, COLUMNS.length)}${this.sql.dialect.upsert(['user_id'], COLUMNS.slice(1))}`,
      rows.flat(),
    );
  }

  private async insertMovements(tx: SqlConnection, states: AccountState[]): Promise<void> {
    const at = this.clock.now();
    const rows = states.flatMap(({ row, movements }) => movements.map((movement) => ledgerValues(row.userId, movement, at)));
    for (const part of chunks(rows, 256)) await tx.execute(`${LEDGER} ${tuples(part.length, 10)}`, part.flat());
    const spent = sum(states.flatMap(({ movements }) => movements).map(spentBy));
    if (spent !== 0) await this.stats.record(new Tally().count(utcDay(at), 'creditsSpent', spent), tx);
  }

  private async insertDays(tx: SqlConnection, states: AccountState[]): Promise<void> {
    const rows = states.flatMap(({ row, closedDays }) => closedDays.map((day) => dayValues(row.userId, day)));
    const upsert = this.sql.dialect.upsert(['user_id', 'day'], ['conversations', 'credits']);
    for (const part of chunks(rows, 256)) await tx.execute(`INSERT INTO usage_days (user_id, day, conversations, credits) VALUES ${tuples(part.length, 4)}${upsert}`, part.flat());
  }
}

function accountRowOf(row: Row): AccountRow {
  return {
    userId: row[0] as string,
    planId: row[1] as string | null,
    day: row[2] as string,
    used: Number(row[3]),
    spent: Number(row[4]),
    balance: Number(row[5]),
    planBalance: Number(row[6]),
    month: row[7] as string,
    overrideConversations: row[8] as number | null,
    overrideCredits: row[9] === null ? null : Number(row[9]),
    overrideRequests: row[10] as number | null,
    overrideUntil: row[11] === null ? null : millisOf(row[11]),
  };
}

function valuesOf(row: AccountRow): SqlValue[] {
  const { userId, planId, day, used, spent, balance, planBalance, month, overrideConversations, overrideCredits, overrideRequests, overrideUntil } = row;
  return [userId, planId, day, used, spent, balance, planBalance, month, overrideConversations, overrideCredits, overrideRequests, overrideUntil === null ? null : new Date(overrideUntil)];
}

function ledgerValues(userId: string, { id, kind, amount, balanceAfter, actorKind, actorId, reason, reference }: Movement, at: Date): SqlValue[] {
  return [id, userId, kind, amount, balanceAfter, actorKind, actorId, reason ?? null, reference ?? null, at];
}

function dayValues(userId: string, { day, conversations, credits }: ClosedDay): SqlValue[] {
  return [userId, day, conversations, credits];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function tuples(rows: number, columns: number): string {
  return Array.from({ length: rows }, () => `(${placeholders(columns)})`).join(', ');
}

function* chunks<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

function groupBy<K, T>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
