import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { MergedLookup } from '../../platform/database/merged-lookup.js';
import { millisOf, placeholders, type Row, Sql, type SqlConnection, type SqlValue } from '../../platform/database/sql.js';
import type { Failures } from './failure-limits.js';

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
  async add(ids: readonly string[], connection: SqlConnection = this.sql): Promise<void> {
    const now = this.clock.now();
    const over = new Date(now.getTime() - this.settings.signInFailureMinutes * 60_000);
    const rows = ids.map(() => '(?, 1, ?, ?)').join(', ');
    const count =
      'failures = CASE WHEN window_started_at <= ? THEN 1 ELSE failures + 1 END, ' +
      'window_started_at = CASE WHEN window_started_at <= ? THEN ? ELSE window_started_at END, last_at = ?';
    const values: SqlValue[] = [...ids].sort().flatMap((id) => [id, now, now]);
    await connection.execute(`INSERT INTO sign_in_failures (${COLUMNS}) VALUES ${rows}${this.sql.dialect.onDuplicate(['id'])} ${count}`, [...values, over, over, now, now]);
  }

  /** Reads the rows and keeps others from counting until the transaction ends; rows that are not there are made first. */
  async locked(tx: SqlConnection, ids: readonly string[]): Promise<Map<string, Failures>> {
    const now = this.clock.now();
    const sorted = [...ids].sort();
    await tx.execute(`${this.sql.dialect.insertIgnore} sign_in_failures (${COLUMNS}) VALUES ${sorted.map(() => '(?, 0, ?, ?)').join(', ')}`, sorted.flatMap((id) => [id, now, now]));
    const { rows } = await tx.execute(`SELECT ${COLUMNS} FROM sign_in_failures WHERE id IN (${placeholders(sorted.length)}) ORDER BY id${this.sql.dialect.forUpdate}`, sorted);
    return new Map(rows.map((row) => [row[0] as string, failuresOf(row)]));
  }

  /** Takes back one failure that was counted before the outcome was known. */
  async takeBack(ids: readonly string[]): Promise<void> {
    await this.sql.execute(`UPDATE sign_in_failures SET failures = CASE WHEN failures > 0 THEN failures - 1 ELSE 0 END WHERE id IN (${placeholders(ids.length)})`, [...ids].sort());
  }

  async forget(ids: readonly string[]): Promise<void> {
    await this.sql.execute(`DELETE FROM sign_in_failures WHERE id IN (${placeholders(ids.length)})`, [...ids].sort());
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
