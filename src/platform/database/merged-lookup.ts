import { Combiner } from '../batching/combiner.js';
import { isDatabaseAway } from './failures.js';
import { paddedLength, placeholders, type Row, type Sql } from './sql.js';

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
    private readonly sql: Sql,
    private readonly select: string,
    private readonly map: (row: Row) => T,
  ) {
    this.combiner = new Combiner((keys) => this.read(keys), { maxBatch: MAX_BATCH, maxInFlight: 2, dooms: isDatabaseAway });
  }

  find(key: string): Promise<T | undefined> {
    return this.combiner.submit(key);
  }

  private async read(keys: string[]): Promise<{ value: T | undefined }[]> {
    const unique = [...new Set(keys)];
    const padded = [...unique];
    while (padded.length < paddedLength(unique.length)) padded.push(unique[0]!);
    const { rows } = await this.sql.execute(`${this.select} IN (${placeholders(padded.length)})`, padded);
    const found = new Map(rows.map((row) => [row[0] as string, this.map(row)]));
    return keys.map((key) => ({ value: found.get(key) }));
  }
}
