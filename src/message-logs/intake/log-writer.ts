import { Injectable } from '@nestjs/common';
import { padded, placeholders, Sql, type SqlConnection } from '../../platform/database/sql.js';
import { Stats } from '../../stats/stats.service.js';
import { Tally } from '../../stats/tally.js';
import { bulkInsert, KEYS, LOGS, type LogTable, TEXTS } from './bulk-insert.js';
import { countLog } from '../log-counts.js';
import { bytesOf, type LogRow, sameness } from './log-row.js';

/** Well below the smallest `max_allowed_packet` that servers come with (16 MB). */
const MAX_STATEMENT_BYTES = 8 * 1024 * 1024;
const MAX_STATEMENT_ROWS = 500;

/** Writes many logs in one transaction, and counts them in it. */
@Injectable()
export class LogWriter {
  constructor(
    private readonly sql: Sql,
    private readonly stats: Stats,
  ) {}

  /**
   * Stores the rows and answers the ids of those that are not stored because the client's id was there before. Two rows
   * with the same client's id must not be in one call.
   *
   * With `again`, rows may have been stored by an earlier call whose outcome nobody learnt; they stay as they are.
   */
  write(rows: readonly LogRow[], { again = false } = {}): Promise<ReadonlySet<string>> {
    return this.sql.transaction(async (tx) => {
      const duplicates = await this.claimIds(tx, rows);
      const fresh = duplicates.size === 0 ? rows : rows.filter((row) => !duplicates.has(row.id));
      const counted = again ? await this.notStored(tx, fresh) : fresh;
      const inserted = await this.insert(tx, LOGS, fresh, again);
      if (inserted !== counted.length) throw new Error('Rows whose outcome was unknown came in while they were written again.');
      await this.insert(tx, TEXTS, fresh, again);
      await this.stats.record(tallyOf(counted), tx);
      return duplicates;
    });
  }

  /** Waits for the row's lock: a connection that was lost may still be committing. */
  private async notStored(tx: SqlConnection, rows: readonly LogRow[]): Promise<readonly LogRow[]> {
    const stored = new Set<unknown>();
    for (const part of portions(rows)) {
      const ids = padded(part.map(({ id }) => id));
      const found = await tx.execute(`SELECT id FROM message_logs WHERE id IN (${placeholders(ids.length)})${this.sql.dialect.forUpdate}`, ids);
      for (const [id] of found.rows) stored.add(id);
    }
    return rows.filter(({ id }) => !stored.has(id));
  }

  /** The keys' table lets one row through for each of a user's ids; sorted, because two batches that cross would deadlock. */
  private async claimIds(tx: SqlConnection, rows: readonly LogRow[]): Promise<ReadonlySet<string>> {
    const named = rows.filter((row) => row.clientId !== null);
    if (named.length === 0) return NONE;
    const sorted = named.map((row) => ({ row, key: sameness(row) })).sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ row }) => row);
    const claimed = await this.insert(tx, KEYS, sorted, true);
    return claimed === sorted.length ? NONE : this.claimedByOthers(tx, sorted);
  }

  private async claimedByOthers(tx: SqlConnection, rows: readonly LogRow[]): Promise<ReadonlySet<string>> {
    const owners = new Map<string, string>();
    for (const part of portions(rows)) {
      const asked = padded(part);
      const either = asked.map(() => '(user_id = ? AND client_id = ?)').join(' OR ');
      const found = await tx.execute(`SELECT user_id, client_id, log_id FROM message_log_keys WHERE ${either}`, asked.flatMap((row) => [row.userId, row.clientId]));
      for (const [userId, clientId, logId] of found.rows as [string, string, string][]) owners.set(sameness({ userId, clientId }), logId);
    }
    return new Set(rows.filter((row) => owners.get(sameness(row)) !== row.id).map((row) => row.id));
  }

  private async insert(tx: SqlConnection, table: LogTable, rows: readonly LogRow[], ignore: boolean): Promise<number> {
    let inserted = 0;
    for (const part of portions(rows)) inserted += await bulkInsert(tx, this.sql.dialect, table, part, ignore);
    return inserted;
  }
}

const NONE: ReadonlySet<string> = new Set();

function tallyOf(rows: readonly LogRow[]): Tally {
  const tally = new Tally();
  for (const row of rows) countLog(tally, row);
  return tally;
}

/** Nearly always one. */
function portions(rows: readonly LogRow[]): (readonly LogRow[])[] {
  const parts: (readonly LogRow[])[] = [];
  let start = 0;
  let bytes = 0;
  rows.forEach((row, index) => {
    bytes += bytesOf(row);
    if (index === start || (bytes <= MAX_STATEMENT_BYTES && index - start < MAX_STATEMENT_ROWS)) return;
    parts.push(rows.slice(start, index));
    start = index;
    bytes = bytesOf(row);
  });
  if (start < rows.length) parts.push(start === 0 ? rows : rows.slice(start));
  return parts;
}
