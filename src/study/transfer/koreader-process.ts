import { createRequire } from 'node:module';
import type { KoreaderAnswer, KoreaderBook, KoreaderStat } from './koreader-file.js';

/*
 * Reads one file that a stranger sent, in a process of its own: without the service's environment, with a time limit that
 * also ends native code, and where a crash of the reader takes nothing else with it.
 */

interface Connection {
  exec(sql: string): void;
  prepare(sql: string): { all(): Record<string, unknown>[]; raw(): { all(): unknown[] } };
}

const MOST_BOOKS = 5000;
const MOST_STATS = 500_000;
/** Plain tables only: views, virtual tables and computed columns carry out what a stranger wrote. */
const COMPUTED = /\bvirtual\b|\bgenerated\b|\bas\s*\(/i;
const BOOKS = `SELECT id, substr(CAST(title AS TEXT), 1, 300), substr(CAST(authors AS TEXT), 1, 300), substr(CAST(md5 AS TEXT), 1, 64) FROM book LIMIT ${MOST_BOOKS + 1}`;
const STATS = `SELECT CAST(id_book AS INTEGER), CAST(page AS INTEGER), CAST(start_time AS INTEGER), CAST(duration AS INTEGER), CAST(total_pages AS INTEGER) FROM page_stat_data LIMIT ${MOST_STATS + 1}`;

function read(path: string): KoreaderAnswer {
  const Database = createRequire(import.meta.url)('libsql') as new (path: string) => Connection;
  const db = new Database(path);
  for (const pragma of ['trusted_schema = OFF', 'query_only = ON', 'mmap_size = 0', 'cell_size_check = ON']) db.exec(`PRAGMA ${pragma}`);
  const tables = db.prepare("SELECT type, CAST(sql AS TEXT) AS made FROM sqlite_master WHERE name IN ('book', 'page_stat_data')").all();
  if (tables.length !== 2 || tables.some(({ type, made }) => type !== 'table' || COMPUTED.test(String(made)))) return { refused: 'tables' };
  const [books, stats] = [db.prepare(BOOKS).raw().all() as KoreaderBook[], db.prepare(STATS).raw().all() as KoreaderStat[]];
  return books.length > MOST_BOOKS || stats.length > MOST_STATS ? { refused: 'too-many' } : { books, stats };
}

function answer(path: string): KoreaderAnswer {
  try {
    return read(path);
  } catch {
    return { refused: 'unreadable' };
  }
}

process.stdout.write(JSON.stringify(answer(process.argv[2] ?? '')));
