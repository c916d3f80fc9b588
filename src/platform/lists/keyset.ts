import type { SqlValue } from '../database/sql.js';
import { BadCursor, type Cursor, cursorOf, cursorText } from './cursor.js';
import { type Sortable, type Sorting, sortingOf } from './sorting.js';

/** Largest millisecond that a Date holds. */
const MAX_MILLIS = 8.64e15;

export interface Page<T> {
  data: T[];
  nextCursor: string | null;
  prevCursor: string | null;
}

interface Asked {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly sort?: string | undefined;
}

/** Where a record stands in the order: the sorted field (instants as milliseconds) and the id. */
export interface Place {
  value: string | number;
  id: string;
}

/**
 * One page of a list, found by where the last one ended and never by counting rows, so that a deep page costs what the
 * first one does. `where`, `values` and `tail` go into the list's own statement:
 * `SELECT … WHERE user_id = ? AND ${keyset.where} ${keyset.tail}`, with `[userId, ...keyset.values]`.
 */
export class Keyset {
  private constructor(
    private readonly limit: number,
    private readonly sorting: Sorting,
    private readonly idColumn: string,
    private readonly cursor: Cursor | undefined,
  ) {}

  static of({ limit, cursor: text, sort }: Asked, sortable: Sortable): Keyset {
    const cursor = text === undefined ? undefined : cursorOf(text);
    if (cursor && sort !== undefined && sort !== cursor.sort) throw new BadCursor();
    const sorting = sortingOf(sort ?? cursor?.sort ?? sortable.default, sortable);
    if (cursor && !fits(cursor.value, sorting)) throw new BadCursor();
    return new Keyset(limit, sorting, sortable.id, cursor);
  }

  /** The same order from behind this record on. */
  after(place: Place | undefined, limit: number): Keyset {
    return new Keyset(limit, this.sorting, this.idColumn, place && { ...place, sort: this.sort, backwards: false });
  }

  /** What the list is sorted by, beside the id. */
  get sortedBy(): Sorting {
    return this.sorting;
  }

  /** Written so that an index on the sorted column and the id is entered at the place itself; both engines see that. */
  get where(): string {
    if (!this.cursor) return '1 = 1';
    const { column } = this.sorting;
    const past = this.runsDown ? '<' : '>';
    return `(${column} ${past}= ? AND (${column} ${past} ? OR ${this.idColumn} ${past} ?))`;
  }

  get values(): SqlValue[] {
    if (!this.cursor) return [];
    const value = this.sorting.kind === 'instant' ? new Date(this.cursor.value) : this.cursor.value;
    return [value, value, this.cursor.id];
  }

  /** One row more than the page holds tells whether there is another page. */
  get tail(): string {
    const direction = this.runsDown ? 'DESC' : 'ASC';
    return `ORDER BY ${this.sorting.column} ${direction}, ${this.idColumn} ${direction} LIMIT ${this.limit + 1}`;
  }

  /** @param placeOf the sorted field named and the id of a record */
  page<T>(rows: readonly T[], placeOf: (row: T, field: string) => Place): Page<T> {
    const hasMore = rows.length > this.limit;
    const data = rows.slice(0, this.limit);
    const backwards = this.cursor?.backwards ?? false;
    if (backwards) data.reverse();
    const at = (row: T | undefined, before: boolean, isThere: boolean): string | null =>
      row && isThere ? cursorText({ sort: this.sort, backwards: before, ...placeOf(row, this.sorting.field) }) : null;
    return {
      data,
      nextCursor: at(data.at(-1), false, backwards || hasMore),
      prevCursor: at(data[0], true, backwards ? hasMore : this.cursor !== undefined),
    };
  }

  /** As a client would write it. */
  get sort(): string {
    return `${this.sorting.descending ? '-' : ''}${this.sorting.field}`;
  }

  private get runsDown(): boolean {
    return this.sorting.descending !== (this.cursor?.backwards ?? false);
  }
}

function fits(value: string | number, { kind }: Sorting): boolean {
  if (kind === 'text') return typeof value === 'string';
  return typeof value === 'number' && (kind === 'number' || Math.abs(value) <= MAX_MILLIS);
}
