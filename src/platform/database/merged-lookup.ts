import { Combiner } from '../batching/combiner.js';
import { isDatabaseAway } from './failures.js';
import { padded, placeholders, type Row, type Sql } from './sql.js';

const MAX_BATCH = 256;

/**
 * Point look-ups of one event-loop turn joined into one `IN (…)`. Nothing is remembered: each look-up reads the
 * database after it was asked, so an answer is never stale.
 */
export class MergedLookup<T> {
  private readonly combiner: Combiner<string, T | undefined>;

  /**
   * @param select a statement up to and including the column of the key, e.g. `SELECT id, name FROM users WHERE id`;
   *   the key must be the first column selected
   */
  constructor(
    sql: Sql,
    select: string,
    private readonly map: (row: Row) => T,
  ) {
    this.combiner = merging(async (keys) => {
      const rows = await rowsOf(sql, select, keys);
      const found = new Map(rows.map((row) => [row[0] as string, this.map(row)]));
      return keys.map((key) => ({ value: found.get(key) }));
    });
  }

  find(key: string): Promise<T | undefined> {
    return this.combiner.submit(key);
  }
}

/** The same where a key has several rows; in no particular order. */
export class MergedLists<T> {
  private readonly combiner: Combiner<string, T[]>;

  constructor(sql: Sql, select: string, map: (row: Row) => T) {
    this.combiner = merging(async (keys) => {
      const found = new Map<string, T[]>(keys.map((key) => [key, []]));
      for (const row of await rowsOf(sql, select, keys)) found.get(row[0] as string)?.push(map(row));
      return keys.map((key) => ({ value: found.get(key)! }));
    });
  }

  find(key: string): Promise<T[]> {
    return this.combiner.submit(key);
  }
}

function merging<T>(read: (keys: string[]) => Promise<{ value: T }[]>): Combiner<string, T> {
  return new Combiner(read, { maxBatch: MAX_BATCH, maxInFlight: 2, dooms: isDatabaseAway });
}

async function rowsOf(sql: Sql, select: string, keys: string[]): Promise<readonly Row[]> {
  const asked = padded([...new Set(keys)]);
  const { rows } = await sql.execute(`${select} IN (${placeholders(asked.length)})`, asked);
  return rows;
}
