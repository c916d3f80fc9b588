import type { EntityManager } from 'typeorm';
import { placeholders, type SqlValue } from '../database/sql.js';
import type { Condition, Listed, Listing, Operator } from './listing.js';
import type { Wanted, WantedFilter } from './wanted.js';

/** Behind every text that begins with the prefix: no character comes after this one. */
const LAST = '\u{10FFFF}';

/** How a listing's table and columns are called in SQL. */
export class Names<E extends Listed> {
  readonly table: string;
  private readonly columns = new Map<string, string>();

  constructor(db: EntityManager, { entity }: Listing<E>) {
    const metadata = db.dataSource.getMetadata(entity);
    this.table = metadata.tableName;
    for (const { propertyName, databaseName } of metadata.columns) this.columns.set(propertyName, databaseName);
  }

  column(property: string): string {
    const column = this.columns.get(property);
    if (column === undefined) throw new Error(`The table ${this.table} has no column for "${property}".`);
    return column;
  }
}

export function conditionsOf<E extends Listed>({ filters }: Wanted, listing: Listing<E>, names: Names<E>, now: Date): Condition {
  return all(filters.map((filter) => conditionOf(filter, listing, names, now)));
}

/** Holds for every record. */
export const EVERYTHING: Condition = { sql: '1 = 1', values: [] };

export function all(conditions: readonly Condition[]): Condition {
  if (conditions.length === 0) return EVERYTHING;
  return { sql: conditions.map(({ sql }) => `(${sql})`).join(' AND '), values: conditions.flatMap(({ values }) => values) };
}

function conditionOf<E extends Listed>({ field, operator, values }: WantedFilter, listing: Listing<E>, names: Names<E>, now: Date): Condition {
  const filter = field === 'id' ? { kind: 'text' as const } : listing.filters[field]!;
  if (filter.kind === 'decided') return any(values.map((word) => filter.where(word as string, now)));
  if (filter.kind === 'outside') throw new Error(`The filter ${field} was left in the request.`);
  return compared(names.column((filter).property ?? field), operator, values);
}

function any(conditions: readonly Condition[]): Condition {
  return { sql: conditions.map(({ sql }) => `(${sql})`).join(' OR '), values: conditions.flatMap(({ values }) => values) };
}

function compared(column: string, operator: Operator, values: readonly SqlValue[]): Condition {
  switch (operator) {
    case 'eq':
      return { sql: values.length === 1 ? `${column} = ?` : `${column} IN (${placeholders(values.length)})`, values };
    case 'ne':
      // What has no value is not that value either.
      return { sql: `${column} NOT IN (${placeholders(values.length)}) OR ${column} IS NULL`, values };
    case 'gte':
      return { sql: `${column} >= ?`, values };
    case 'lte':
      return { sql: `${column} <= ?`, values };
    case 'like':
      return beginsWith(column, values[0] as string);
  }
}

/** As a range, which an index answers on both engines whatever characters the prefix has. */
export function beginsWith(column: string, prefix: string): Condition {
  return { sql: `${column} >= ? AND ${column} < ?`, values: [prefix, prefix + LAST] };
}
