import { BadCursor } from './cursor.js';
import { filterOf, type Listed, type Listing, type Operator } from './listing.js';
import type { ListPage } from './lists.js';
import type { Wanted, WantedFilter } from './wanted.js';

type Value = string | number;

/** A page of a declared list whose few records are in no table. What has no value comes first and matches no filter but `ne`. */
export function pageOf<E extends Listed>(records: readonly E[], listing: Listing<E>, wanted: Wanted): ListPage<E> {
  if (wanted.ids) {
    const data = wanted.ids.flatMap((id) => records.find((record) => record.id === id) ?? []);
    return { data, offset: 0, total: data.length, nextCursor: null, prevCursor: null };
  }
  const found = records.filter((record) => wanted.filters.every((filter) => holds(record, filter, listing)));
  const sort = wanted.sort ?? listing.defaultSort ?? 'id';
  const field = sort.replace(/^-/, '');
  const sorted = found.sort((a, b) => (compare(valueOf(a, listing.sorts[field]?.property ?? field), valueOf(b, listing.sorts[field]?.property ?? field)) || compare(a.id, b.id)) * (sort.startsWith('-') ? -1 : 1));
  const offset = wanted.cursor === undefined ? wanted.offset : placeOf(wanted.cursor);
  const end = offset + wanted.limit;
  return { data: sorted.slice(offset, end), offset, total: found.length, nextCursor: end < found.length ? String(end) : null, prevCursor: offset > 0 ? String(Math.max(0, offset - wanted.limit)) : null };
}

function placeOf(cursor: string): number {
  if (!/^\d{1,9}$/.test(cursor)) throw new BadCursor();
  return Number(cursor);
}

function holds<E extends Listed>(record: E, { field, operator, values }: WantedFilter, listing: Listing<E>): boolean {
  const filter = filterOf(field, listing)?.filter;
  const value = valueOf(record, filter && 'property' in filter && filter.property ? filter.property : field);
  const wanted = values.map(plain);
  const is: Record<Operator, () => boolean> = {
    eq: () => value !== null && wanted.includes(value),
    ne: () => value === null || !wanted.includes(value),
    gte: () => value !== null && value >= wanted[0]!,
    lte: () => value !== null && value <= wanted[0]!,
    like: () => String(value ?? '').startsWith(String(wanted[0])),
  };
  return is[operator]();
}

function valueOf(record: object, property: string): Value | null {
  return plain((record as Record<string, Value | Date | null>)[property] ?? null);
}

function plain<T extends Value | null>(value: T | Date): T | number {
  return value instanceof Date ? value.getTime() : value;
}

function compare(a: Value | null, b: Value | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  return a < b ? -1 : 1;
}
