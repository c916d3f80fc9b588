import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { MergedLookup } from '../../platform/database/merged-lookup.js';
import { millisOf, placeholders, type Row, Sql, type SqlValue } from '../../platform/database/sql.js';
import type { Failures } from './failure-limits.js';
import { SignInFailure } from './sign-in-failure.entity.js';

const COLUMNS = 'id, failures, window_started_at, last_at';

/** The table of failures: read in common, counted by statements that never lose one. */
@Injectable()
export class FailureCounts {
  private readonly rows: MergedLookup<Failures>;

  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {
    this.rows = new MergedLookup(sql, `SELECT ${COLUMNS} FROM sign_in_failures WHERE id`, failuresOf);
  }

  find(id: string): Promise<Failures | undefined> {
    return this.rows.find(id);
  }

  /** Counts one failure each; a window that is over begins anew. */
  async add(counters: readonly { id: string; account: string | null }[]): Promise<void> {
    const now = this.clock.now();
    const over = new Date(now.getTime() - this.settings.signInFailureMinutes * 60_000);
    const rows = counters.map(() => '(?, 1, ?, ?, ?)').join(', ');
    const count =
      'failures = CASE WHEN window_started_at <= ? THEN 1 ELSE failures + 1 END, ' +
      'window_started_at = CASE WHEN window_started_at <= ? THEN ? ELSE window_started_at END, last_at = ?';
    const values: SqlValue[] = [...counters].sort((a, b) => (a.id < b.id ? -1 : 1)).flatMap(({ id, account }) => [id, now, now, account]);
    await this.sql.execute(`INSERT INTO sign_in_failures (${COLUMNS}, account) VALUES ${rows}${this.sql.dialect.onDuplicate(['id'])} ${count}`, [...values, over, over, now, now]);
  }

  async forget(ids: readonly string[]): Promise<void> {
    await this.sql.execute(`DELETE FROM sign_in_failures WHERE id IN (${placeholders(ids.length)})`, [...ids].sort());
  }

  async forgetAccount(tx: EntityManager, account: string): Promise<void> {
    await tx.delete(SignInFailure, { account });
  }

  /** Removes what no longer counts; answers how many rows. */
  async purge(): Promise<number> {
    const over = new Date(this.clock.millis() - this.settings.signInFailureMinutes * 60_000);
    const { affected } = await this.sql.execute('DELETE FROM sign_in_failures WHERE last_at <= ?', [over]);
    return affected;
  }
}

function failuresOf(row: Row): Failures {
  return { count: Number(row[1]), windowStartedAt: millisOf(row[2]), lastAt: millisOf(row[3]) };
}
