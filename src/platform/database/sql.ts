import { aboutToCommit, committed } from './commit-hooks.js';

/** Values of one row, in the order of the select list. */
export type Row = readonly unknown[];
export type SqlValue = string | number | null | Buffer | Date;

export interface SqlResult {
  readonly rows: readonly Row[];
  /** Rows changed by a write; on MySQL rows found and changed, 2 for an upsert that updated. */
  readonly affected: number;
}

/**
 * Prepared statements for hot paths: rows as arrays, no entities. Everything else uses the entity manager, which costs
 * four to six times as much and is fine where a request is rare.
 */
export interface SqlConnection {
  execute(statement: string, values: readonly SqlValue[]): Promise<SqlResult>;
}

export abstract class Sql implements SqlConnection {
  abstract readonly dialect: Dialect;

  abstract execute(statement: string, values: readonly SqlValue[]): Promise<SqlResult>;

  /** One transaction (READ COMMITTED on MySQL), run again after a deadlock. */
  async transaction<T>(work: (tx: SqlConnection) => Promise<T>): Promise<T> {
    let tx: SqlConnection | undefined;
    const result = await this.carryOut(async (given) => {
      const answer = await work((tx = given));
      await aboutToCommit(given);
      return answer;
    });
    await committed(tx!);
    return result;
  }

  protected abstract carryOut<T>(work: (tx: SqlConnection) => Promise<T>): Promise<T>;
}

/** What the two engines spell differently. */
export interface Dialect {
  /** Begins an insert that skips rows whose key exists. */
  readonly insertIgnore: string;
  /** Ends a select whose rows are to stay as they are until the transaction ends. */
  readonly forUpdate: string;
  /** Deletes the rows of a condition, not more than so many at once. */
  deleteSome(table: string, condition: string, limit: number): string;
  /** Ends a select whose rows are to stay as they are, but may be read by others in the same way. */
  readonly forShare: string;
  /** Ends an insert: where the key exists, these columns take the inserted values. */
  upsert(key: readonly string[], columns: readonly string[]): string;
  /** Ends an insert: where the key exists, these columns grow by the inserted values. */
  adding(key: readonly string[], columns: readonly string[]): string;
  /** Ends an insert, before assignments of one's own for where the key exists. On MySQL an assignment sees those before it. */
  onDuplicate(key: readonly string[]): string;
}

export const MYSQL: Dialect = {
  insertIgnore: 'INSERT IGNORE INTO',
  forUpdate: ' FOR UPDATE',
  deleteSome: (table, condition, limit) => `DELETE FROM ${table} WHERE ${condition} LIMIT ${limit}`,
  // The spelling that MariaDB takes as well.
  forShare: ' LOCK IN SHARE MODE',
  upsert: (_key, columns) => ` ON DUPLICATE KEY UPDATE ${columns.map((column) => `${column} = VALUES(${column})`).join(', ')}`,
  adding: (_key, columns) => ` ON DUPLICATE KEY UPDATE ${columns.map((column) => `${column} = ${column} + VALUES(${column})`).join(', ')}`,
  onDuplicate: () => ' ON DUPLICATE KEY UPDATE',
};

export const EMBEDDED: Dialect = {
  insertIgnore: 'INSERT OR IGNORE INTO',
  forUpdate: '',
  deleteSome: (table, condition, limit) => `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE ${condition} LIMIT ${limit})`,
  forShare: '',
  upsert: (key, columns) => ` ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`,
  adding: (key, columns) => ` ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${columns.map((column) => `${column} = ${column} + excluded.${column}`).join(', ')}`,
  onDuplicate: (key) => ` ON CONFLICT (${key.join(', ')}) DO UPDATE SET`,
};

/** An instant as either engine returns it (a Date, or text in UTC), in milliseconds. */
export function millisOf(value: unknown): number {
  if (value instanceof Date) return value.getTime();
  return Date.parse(`${String(value).replace(' ', 'T')}Z`);
}

/** `?, ?, ?` for a list of this length. */
export function placeholders(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ');
}

/**
 * The list with its first item repeated up to the next power of two, so that few statements are ever prepared. For
 * statements to which saying a row twice makes no difference.
 */
export function padded<T>(items: readonly T[]): T[] {
  const length = items.length <= 1 ? items.length : 2 ** Math.ceil(Math.log2(items.length));
  return [...items, ...Array.from({ length: length - items.length }, () => items[0]!)];
}
