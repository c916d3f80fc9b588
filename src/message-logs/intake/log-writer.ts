import { Injectable } from '@nestjs/common';
import { placeholders, Sql, type SqlConnection, type SqlValue } from '../../platform/database/sql.js';
import { bytesOf, type LogRow, sameness } from './log-row.js';

const MAX_ROWS = 256;
/** Well below the smallest `max_allowed_packet` that servers come with (16 MB). */
const MAX_STATEMENT_BYTES = 8 * 1024 * 1024;

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  values(row: LogRow): SqlValue[];
}

const KEYS: Table = {
  name: 'message_log_keys',
  columns: ['user_id', 'client_id', 'log_id'],
  values: (row) => [row.userId, row.clientId, row.id],
};
const LOGS: Table = {
  name: 'message_logs',
  columns: ['id', 'user_id', 'client_id', 'conversation_id', 'model', 'message_count', 'prompt_tokens', 'completion_tokens', 'latency_ms', 'metadata', 'created_at'],
  values: (row) => [
    row.id, row.userId, row.clientId, row.conversationId, row.model, row.messageCount,
    row.promptTokens, row.completionTokens, row.latencyMs, row.metadata, row.createdAt,
  ],
};
const TEXTS: Table = { name: 'message_texts', columns: ['id', 'sealed'], values: (row) => [row.id, row.sealed] };

/** Writes many logs in one transaction: multi-row inserts of few sizes, so that every statement is prepared once. */
@Injectable()
export class LogWriter {
  constructor(private readonly sql: Sql) {}

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
      await this.insert(tx, LOGS, fresh, again);
      await this.insert(tx, TEXTS, fresh, again);
      return duplicates;
    });
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
      const either = part.map(() => '(user_id = ? AND client_id = ?)').join(' OR ');
      const found = await tx.execute(`SELECT user_id, client_id, log_id FROM message_log_keys WHERE ${either}`, part.flatMap((row) => [row.userId, row.clientId]));
      for (const [userId, clientId, logId] of found.rows as [string, string, string][]) owners.set(sameness({ userId, clientId }), logId);
    }
    return new Set(rows.filter((row) => owners.get(sameness(row)) !== row.id).map((row) => row.id));
  }

  private async insert(tx: SqlConnection, table: Table, rows: readonly LogRow[], ignore: boolean): Promise<number> {
    const verb = ignore ? this.sql.dialect.insertIgnore : 'INSERT INTO';
    let affected = 0;
    for (const part of portions(rows)) {
      const result = await tx.execute(statementOf(verb, table, part.length), part.flatMap((row) => table.values(row)));
      affected += result.affected;
    }
    return affected;
  }
}

const NONE: ReadonlySet<string> = new Set();

/** Parts of 1, 2, 3, 4, 6, 8, 12 … 256 rows: sixteen sizes, of which two make up nearly any batch. */
function portions(rows: readonly LogRow[]): LogRow[][] {
  const parts: LogRow[][] = [];
  for (let start = 0; start < rows.length; ) {
    const part = rows.slice(start, start + portionSize(Math.min(MAX_ROWS, rowsThatFit(rows, start))));
    parts.push(part);
    start += part.length;
  }
  return parts;
}

function portionSize(count: number): number {
  const power = 2 ** Math.floor(Math.log2(count));
  return count >= power * 1.5 && power > 1 ? power * 1.5 : power;
}

function rowsThatFit(rows: readonly LogRow[], start: number): number {
  let bytes = 0;
  let end = start;
  while (end < rows.length && (end === start || bytes < MAX_STATEMENT_BYTES)) {
    bytes += bytesOf(rows[end]!);
    end += 1;
  }
  return bytes > MAX_STATEMENT_BYTES && end - start > 1 ? end - start - 1 : end - start;
}

const statements = new Map<string, string>();

function statementOf(verb: string, { name, columns }: Table, rows: number): string {
  const key = `${verb} ${name} ${rows}`;
  let statement = statements.get(key);
  if (!statement) {
    const row = `(${placeholders(columns.length)})`;
    statement = `${verb} ${name} (${columns.join(', ')}) VALUES ${Array.from({ length: rows }, () => row).join(', ')}`;
    statements.set(key, statement);
  }
  return statement;
}
