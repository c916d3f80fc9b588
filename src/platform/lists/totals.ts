import type { EntityManager } from 'typeorm';
import type { Sql } from '../database/sql.js';
import type { Condition } from './listing.js';

/** Counted exactly up to here; beyond it a total is an estimate, and never less than what was seen. */
export const COUNTED = 10_000;
/** How long an estimate is believed, in milliseconds. */
const BELIEVED_MS = 10_000;
const MOST_KEPT = 1000;
/** Where `EXPLAIN` of MySQL says how many rows it expects to read, and which part of them fits, in per cent. */
const ROWS = 9;
const FILTERED = 10;

export interface Counted extends Condition {
  readonly from: string;
  readonly fromValues: Condition['values'];
}

/** How many records a list has. Small ones are counted; of others it is remembered for a moment that they are not small. */
export class Totals {
  private readonly estimates = new Map<string, { total: number; at: number }>();

  constructor(
    private readonly db: EntityManager,
    private readonly sql: Sql,
  ) {}

  async of(source: Counted, table: string): Promise<number> {
    const values = [...source.fromValues, ...source.values];
    const key = JSON.stringify([source.from, source.sql, values]);
    const known = this.estimates.get(key);
    if (known && performance.now() - known.at < BELIEVED_MS) return known.total;
    const { rows } = await this.sql.execute(`SELECT COUNT(*) FROM (SELECT 1 FROM ${source.from} WHERE ${source.sql} LIMIT ${COUNTED + 1}) some_rows`, values);
    const count = Number(rows[0]![0]);
    if (count <= COUNTED) return count;
    const total = Math.max(count, source.from === table ? await this.expected(source, table) : 0);
    this.remember(key, total);
    return total;
  }

  private remember(key: string, total: number): void {
    if (this.estimates.size >= MOST_KEPT) this.estimates.clear();
    this.estimates.set(key, { total, at: performance.now() });
  }

  /** What the engine's own statistics say, without reading the rows. */
  private async expected({ sql, values, from }: Counted, table: string): Promise<number> {
    if (this.db.dataSource.options.type === 'better-sqlite3') {
      // Rows get rising numbers, so the last one tells how many were ever inserted since the largest was last removed.
      return sql === '1 = 1' ? this.first(`SELECT MAX(rowid) FROM ${table}`) : 0;
    }
    try {
      const { rows } = await this.sql.execute(`EXPLAIN FORMAT=TRADITIONAL SELECT ${table}.id FROM ${from} WHERE ${sql}`, values);
      return Math.round((Number(rows[0]![ROWS]) * Number(rows[0]![FILTERED])) / 100);
    } catch {
      // MariaDB has no such format; its table of tables is never stale, as MySQL's is.
      return this.first(`SELECT table_rows FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = '${table}'`);
    }
  }

  private async first(statement: string): Promise<number> {
    const { rows } = await this.sql.execute(statement, []);
    return Number(rows[0]?.[0] ?? 0);
  }
}
