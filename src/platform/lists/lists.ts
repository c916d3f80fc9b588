import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { millisOf, padded, placeholders, Sql } from '../database/sql.js';
import { all, beginsWith, conditionsOf, EVERYTHING, Names } from './conditions.js';
import { Keyset, type Place } from './keyset.js';
import { KnownPlaces } from './known-places.js';
import type { Condition, Listed, Listing } from './listing.js';
import { Matches } from './matches.js';
import { RowReader } from './row-reader.js';
import type { Sortable, SortColumn } from './sorting.js';
import { COUNTED, type Counted, Totals } from './totals.js';
import type { Wanted } from './wanted.js';

const WALKED_AT_ONCE = 500;

export interface ListPage<T> {
  readonly data: T[];
  readonly offset: number;
  /** Undefined where nobody asked for it and counting would cost more than the page. */
  readonly total: number | undefined;
  readonly nextCursor: string | null;
  readonly prevCursor: string | null;
}

/** A listing with what the database calls it. */
interface Known<E extends Listed> {
  readonly listing: Listing<E>;
  readonly names: Names<E>;
  readonly sortable: Sortable;
  readonly reader: RowReader<E>;
}

/** Pages of declared lists, by one statement where an index leads to them. */
@Injectable()
export class Lists {
  private readonly known = new Map<object, unknown>();
  private readonly totals: Totals;
  private readonly knownPlaces = new KnownPlaces();

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly sql: Sql,
    private readonly clock: Clock,
  ) {
    this.totals = new Totals(db, sql);
  }

  /** @param scope what holds for every record of the list, whatever the client asks for */
  async page<E extends Listed>(listing: Listing<E>, wanted: Wanted, scope = EVERYTHING): Promise<ListPage<E>> {
    const known = this.knownOf(listing);
    if (wanted.ids) return this.some(known, wanted.ids, scope);
    const condition = all([scope, conditionsOf(wanted, listing, known.names, this.clock.now())]);
    if (wanted.native && wanted.q !== undefined && wanted.sort === undefined) return this.matches(known, wanted, condition);
    const source = await this.source(known, wanted, condition);
    const keyset = Keyset.of(wanted, known.sortable);
    const found = wanted.offset > 0 ? await this.deep(known, source, wanted, keyset) : await this.read(known, source.from, `${source.sql} AND ${keyset.where} ${keyset.tail}`, [...source.fromValues, ...source.values, ...keyset.values]);
    const property = propertyOf(known, keyset.sortedBy);
    const page = keyset.page(found, (record) => placeOf(record, property));
    return { ...page, offset: wanted.offset, total: await this.total(known, source, wanted, found.length) };
  }

  /** Every record of the list in its order, a page in memory at a time, and nothing counted. Where a page begins is not looked at. */
  async *all<E extends Listed>(listing: Listing<E>, wanted: Wanted, scope = EVERYTHING): AsyncGenerator<E[]> {
    const known = this.knownOf(listing);
    if (wanted.ids) {
      yield await this.rows(known, wanted.ids, scope);
      return;
    }
    const source = await this.source(known, wanted, all([scope, conditionsOf(wanted, listing, known.names, this.clock.now())]));
    const order = Keyset.of({ limit: WALKED_AT_ONCE, sort: wanted.sort }, known.sortable);
    const property = propertyOf(known, order.sortedBy);
    for (let last: E | undefined; ; ) {
      const keyset = order.after(last && placeOf(last, property), WALKED_AT_ONCE);
      const { data, nextCursor } = keyset.page(await this.read(known, source.from, `${source.sql} AND ${keyset.where} ${keyset.tail}`, [...source.fromValues, ...source.values, ...keyset.values]), (record) => placeOf(record, property));
      yield data;
      if (nextCursor === null) return;
      last = data.at(-1);
    }
  }

  /** Found by the index of the order alone, from a known place near it; rows are read for those that are shown. */
  private async deep<E extends Listed>(known: Known<E>, source: Counted, wanted: Wanted, keyset: Keyset): Promise<E[]> {
    const { table } = known.names;
    const { column, kind } = keyset.sortedBy;
    const values = [...source.fromValues, ...source.values];
    const places = async (from: Keyset, skip: number): Promise<Place[]> => {
      const statement = `SELECT ${column}, ${table}.id FROM ${source.from} WHERE ${source.sql} AND ${from.where} ${from.tail} OFFSET ?`;
      // As text, because MySQL refuses the floating-point number as which the driver sends numbers.
      const { rows } = await this.sql.execute(statement, [...values, ...from.values, String(skip)]);
      return rows.map(([value, id]) => ({ value: valueOf(value, kind), id: id as string }));
    };
    const walk = async (after: Place | undefined, count: number): Promise<Place | undefined> => (await places(keyset.after(after, 0), count - 1))[0];
    const key = JSON.stringify([source.from, source.sql, values, keyset.sort]);
    const { after, skip } = await this.knownPlaces.near(key, wanted.offset, walk);
    const ids = (await places(keyset.after(after, wanted.limit), skip)).map(({ id }) => id);
    return this.rows(known, ids);
  }

  /** In the order in which they were asked for; those that do not exist are left out. */
  private async some<E extends Listed>(known: Known<E>, ids: readonly string[], scope: Condition): Promise<ListPage<E>> {
    const data = await this.rows(known, ids, scope);
    return { data, offset: 0, total: data.length, nextCursor: null, prevCursor: null };
  }

  private async matches<E extends Listed>(known: Known<E>, { q, limit, cursor }: Wanted, condition: Condition): Promise<ListPage<E>> {
    const { properties, fold = String } = known.listing.search!;
    const { table } = known.names;
    const columns = properties.map((property) => known.names.column(property));
    const matches = new Matches({ table, columns, prefix: fold(q!), condition, limit, cursor });
    const page = await matches.page(
      ({ tail, values }) => this.read(known, table, tail, values),
      (record, branch) => ({ text: record[properties[branch]!] as string, id: record.id }),
    );
    return { ...page, offset: 0, total: cursor === undefined && page.nextCursor === null ? page.data.length : undefined };
  }

  private async rows<E extends Listed>(known: Known<E>, ids: readonly string[], scope = EVERYTHING): Promise<E[]> {
    if (ids.length === 0) return [];
    const asked = padded(ids);
    const { table } = known.names;
    const found = await this.read(known, table, `${table}.id IN (${placeholders(asked.length)}) AND (${scope.sql})`, [...asked, ...scope.values]);
    const byId = new Map(found.map((record) => [record.id, record]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  private async read<E extends Listed>({ reader }: Known<E>, from: string, tail: string, values: Condition['values']): Promise<E[]> {
    const { rows } = await this.sql.execute(`SELECT ${reader.columns} FROM ${from} WHERE ${tail}`, values);
    return rows.map((row) => reader.read(row));
  }

  /**
   * A prefix that few records begin with is looked up first, by the index of each searched column. One that many begin
   * with is checked along the order instead: there the page is full soon.
   */
  private async source<E extends Listed>({ listing, names }: Known<E>, { q }: Wanted, condition: Condition): Promise<Counted> {
    const { table } = names;
    const plain = { from: table, fromValues: [], ...condition };
    if (q === undefined || !listing.search) return plain;
    const { properties, fold = String } = listing.search;
    const prefixes = properties.map((property) => beginsWith(names.column(property), fold(q)));
    const values = prefixes.flatMap((prefix) => prefix.values);
    const hits = prefixes.map(({ sql }) => `SELECT id AS hit FROM ${table} WHERE ${sql}`);
    const bounded = hits.map((hit) => `SELECT hit FROM (${hit} LIMIT ${COUNTED + 1}) one`).join(' UNION ALL ');
    const count = await this.sql.execute(`SELECT COUNT(*) FROM (${bounded}) every_hit`, values);
    if (Number(count.rows[0]![0]) > COUNTED) {
      const matches = { sql: prefixes.map(({ sql }) => `(${sql})`).join(' OR '), values };
      return { ...plain, ...all([condition, matches]) };
    }
    return { ...condition, from: `(${hits.join(' UNION ')}) hits JOIN ${table} ON ${table}.id = hits.hit`, fromValues: values };
  }

  private async total<E extends Listed>({ names }: Known<E>, source: Counted, { offset, limit, cursor }: Wanted, found: number): Promise<number> {
    const isEnd = cursor === undefined && found <= limit && (found > 0 || offset === 0);
    if (isEnd) return offset + found;
    const total = await this.totals.of(source, names.table);
    return total <= COUNTED ? total : Math.max(total, found === 0 ? 0 : offset + found);
  }

  private knownOf<E extends Listed>(listing: Listing<E>): Known<E> {
    let known = this.known.get(listing) as Known<E> | undefined;
    if (!known) {
      const names = new Names(this.db, listing);
      this.known.set(listing, known = { listing, names, sortable: sortable(listing, names), reader: new RowReader(this.db, listing) });
    }
    return known;
  }
}

function sortable<E extends Listed>({ sorts, defaultSort }: Listing<E>, names: Names<E>): Sortable {
  const { table } = names;
  const by = Object.entries(sorts).map(([field, { kind, property }]) => [field, { kind, column: `${table}.${names.column(property ?? field)}` }] as const);
  return { by: { ...Object.fromEntries(by), id: { kind: 'text', column: `${table}.id` } }, default: defaultSort ?? 'id', id: `${table}.id` };
}

/** The property that holds what a list is sorted by. */
function propertyOf<E extends Listed>({ listing }: Known<E>, { field }: SortColumn & { field: string }): keyof E {
  return (field === 'id' ? 'id' : listing.sorts[field]!.property ?? field) as keyof E;
}

function placeOf<E extends Listed>(record: E, property: keyof E): Place {
  const value = record[property];
  return { value: value instanceof Date ? value.getTime() : (value as string | number), id: record.id };
}

function valueOf(value: unknown, kind: SortColumn['kind']): string | number {
  return { text: String, number: Number, instant: millisOf }[kind](value);
}
