import type { EntityManager } from 'typeorm';
import type { Sql } from '../database/sql.js';

/** About how many rows a table has, without counting them: what the engine's own statistics say. */
export async function tableSize(db: EntityManager, sql: Sql, table: string): Promise<number> {
  const isEmbedded = db.dataSource.options.type === 'better-sqlite3';
  const { rows } = isEmbedded
    // Rows get rising numbers, so the last one tells how many were ever inserted since the largest was last removed.
    ? await sql.execute(`SELECT MAX(rowid) FROM ${table}`, [])
    : await sql.execute('SELECT table_rows FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?', [table]);
  return Number(rows[0]?.[0] ?? 0);
}
