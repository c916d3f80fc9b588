import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, type FindOptionsWhere, In } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { millisOf, padded, placeholders, Sql } from '../database/sql.js';
import { all, beginsWith, conditionsOf, EVERYTHING, Names } from './conditions.js';
import { Keyset, type Place } from './keyset.js';
import type { Condition, Listed, Listing } from './listing.js';
import type { Sortable } from './sorting.js';
import { tableSize } from './table-size.js';
import type { Wanted } from './wanted.js';

/** Counted exactly up to here; beyond it a total is an estimate, and never less than what was seen. */
export const COUNTED = 10_000;

export interface ListPage<T> {
  readonly data: T[];
  readonly offset: number;
  readonly total: number;
  readonly nextCursor: string | null;
  readonly prevCursor: string | null;
}

/** Where records are looked for: the table, or those few of it that a search hit. */
interface Source extends Condition {
  readonly from: string;
  readonly fromValues: Condition['values'];
}

/** Pages of declared lists. Ids are found by an index alone and rows are read for those that are shown. */
@Injectable()
export class Lists {
  private readonly names = new Map<object, Names<Listed>>();

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly sql: Sql,
    private readonly clock: Clock,
  ) {}

  /** @param scope what holds for every record of the list, whatever the client asks for */
  async page<E extends Listed>(listing: Listing<E>, wanted: Wanted, scope = EVERYTHING): Promise<ListPage<E>> {
    const names = this.namesOf(listing);
    if (wanted.ids) return this.some(listing, wanted.ids, scope, names);
    const condition = all([scope, conditionsOf(wanted, listing, names, this.clock.now())]);
    const source = await this.source(listing, wanted, condition, names);
    const keyset = Keyset.of(wanted, sortable(listing, names));
    const found = await this.places(source, keyset, wanted.offset, names);
    const { data, ...cursors } = keyset.page(found, (place) => place);
    const isWhole = scope === EVERYTHING && wanted.filters.length === 0 && wanted.q === undefined;
    const total = await this.total(source, wanted, found.length, () => (isWhole ? tableSize(this.db, this.sql, names.table) : 0));
    return { ...cursors, data: await this.rows(listing, data.map(({ id }) => id)), offset: wanted.offset, total };
  }

  private async places<E extends Listed>(source: Source, keyset: Keyset, offset: number, { table }: Names<E>): Promise<Place[]> {
    const { column, kind } = keyset.sortedBy;
    const { rows } = await this.sql.execute(
      `SELECT ${column}, ${table}.id FROM ${source.from} WHERE ${source.sql} AND ${keyset.where} ${keyset.tail}${offset > 0 ? ` OFFSET ${offset}` : ''}`,
      [...source.fromValues, ...source.values, ...keyset.values],
    );
    const read = { text: String, number: Number, instant: millisOf }[kind];
    return rows.map(([value, id]) => ({ value: read(value), id: id as string }));
  }

  /** In the order in which they were asked for; those that do not exist are left out. */
  private async some<E extends Listed>(listing: Listing<E>, ids: readonly string[], scope: Condition, names: Names<E>): Promise<ListPage<E>> {
    const data = await this.rows(listing, scope === EVERYTHING ? ids : await this.within(scope, ids, names));
    return { data, offset: 0, total: data.length, nextCursor: null, prevCursor: null };
  }

  private async within<E extends Listed>(scope: Condition, ids: readonly string[], { table }: Names<E>): Promise<string[]> {
    const asked = padded(ids);
    const { rows } = await this.sql.execute(`SELECT id FROM ${table} WHERE id IN (${placeholders(asked.length)}) AND (${scope.sql})`, [...asked, ...scope.values]);
    const visible = new Set(rows.map(([id]) => id));
    return ids.filter((id) => visible.has(id));
  }

  private async rows<E extends Listed>(listing: Listing<E>, ids: readonly string[]): Promise<E[]> {
    if (ids.length === 0) return [];
    const rows = await this.db.find(listing.entity, { where: { id: In(ids) } as FindOptionsWhere<E> });
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  /**
   * A prefix that few records begin with is looked up first, by the index of each searched column. One that many begin
   * with is checked along the order instead: there the page is full soon.
   */
  private async source<E extends Listed>(listing: Listing<E>, { q }: Wanted, condition: Condition, names: Names<E>): Promise<Source> {
    const { table } = names;
    const plain = { from: table, fromValues: [], ...condition };
    if (q === undefined || !listing.search) return plain;
    const { properties, fold } = listing.search;
    const prefixes = properties.map((property) => beginsWith(names.column(property), fold ? fold(q) : q));
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

  private async total(source: Source, { offset, limit, cursor }: Wanted, found: number, estimate: () => Promise<number> | number): Promise<number> {
    const isEnd = cursor === undefined && found <= limit && (found > 0 || offset === 0);
    if (isEnd) return offset + found;
    const { rows } = await this.sql.execute(`SELECT COUNT(*) FROM (SELECT 1 FROM ${source.from} WHERE ${source.sql} LIMIT ${COUNTED + 1}) some_rows`, [...source.fromValues, ...source.values]);
    const count = Number(rows[0]![0]);
    return count <= COUNTED ? count : Math.max(count, found === 0 ? 0 : offset + found, await estimate());
  }

  private namesOf<E extends Listed>(listing: Listing<E>): Names<E> {
    let names = this.names.get(listing) as Names<E> | undefined;
    if (!names) this.names.set(listing, names = new Names(this.db, listing));
    return names;
  }
}

function sortable<E extends Listed>({ sorts, defaultSort }: Listing<E>, names: Names<E>): Sortable {
  const { table } = names;
  const by = Object.entries(sorts).map(([field, { kind, property }]) => [field, { kind, column: `${table}.${names.column(property ?? field)}` }] as const);
  return { by: { ...Object.fromEntries(by), id: { kind: 'text', column: `${table}.id` } }, default: defaultSort ?? 'id', id: `${table}.id` };
}

