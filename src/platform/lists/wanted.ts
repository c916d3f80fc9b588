import { asked, refuse } from './dialects.js';
import { type Listed, type Listing, type Operator, filterNames, filterOf } from './listing.js';
import { type FilterValue, valuesOf } from './filter-values.js';

export const MOST_IDS = 500;

/** A list request that was understood, whichever dialect it came in. */
export interface Wanted {
  readonly resource: string;
  /** These records, unpaged; the rest does not count then. */
  readonly ids?: readonly string[];
  readonly offset: number;
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** As a native client would write it: `-createdAt`. */
  readonly sort?: string | undefined;
  readonly filters: readonly WantedFilter[];
  /** The beginning of what is searched for, as typed. */
  readonly q?: string | undefined;
  /** Whether it came as native clients write it. */
  readonly native: boolean;
}

/** Any of the values; `ne` is none of them. */
export interface WantedFilter {
  readonly field: string;
  readonly operator: Operator;
  readonly values: readonly FilterValue[];
}

/** Reads a query string as the list it is for allows. */
export function wantedOf<E extends Listed>(query: Readonly<Record<string, unknown>>, listing: Listing<E>): Wanted {
  const { filters: given, paged, ...page } = asked(query);
  if (page.sort !== undefined) demandSortable(page.sort, listing);
  const { id, q, ...named } = given;
  if (q !== undefined && (!listing.search || q.length > 1)) throw unknownFilter('q', listing);
  const filters = Object.entries(named).map(([name, texts]) => filter(name, texts, listing));
  const wanted = { ...page, resource: listing.resource, filters, q: q?.[0] };
  if (id === undefined) return wanted;
  if (id.length > MOST_IDS) refuse('id', 'too-many', `Ask for ${MOST_IDS} ids at most.`);
  if (!paged && filters.length === 0 && q === undefined) return { ...wanted, ids: [...new Set(id)] };
  return { ...wanted, filters: [...filters, { field: 'id', operator: 'eq', values: id }] };
}

/** Takes a filter out of a request, for whoever answers it otherwise. */
export function takenOut(wanted: Wanted, field: string): { rest: Wanted; values: string[] } {
  const taken = wanted.filters.filter((filter) => filter.field === field);
  return { rest: { ...wanted, filters: wanted.filters.filter((filter) => filter.field !== field) }, values: taken.flatMap(({ values }) => values.map(String)) };
}

function demandSortable<E extends Listed>(sort: string, { sorts }: Listing<E>): void {
  const field = sort.replace(/^-/, '');
  if (field === 'id' || Object.hasOwn(sorts, field)) return;
  refuse('sort', 'sort', `sort must be one of ${['id', ...Object.keys(sorts)].join(', ')}, with or without - before it.`);
}

function filter<E extends Listed>(name: string, texts: readonly string[], listing: Listing<E>): WantedFilter {
  const found = filterOf(name, listing);
  if (!found) throw unknownFilter(name, listing);
  const { field, operator } = found;
  if (texts.length > 1 && operator !== 'eq' && operator !== 'ne') refuse(name, 'one', `${name} takes one value.`);
  return { field, operator, values: valuesOf(name, texts, found.filter) };
}

function unknownFilter<E extends Listed>(name: string, listing: Listing<E>): Error {
  return refuse(name, 'unknown-filter', `${name.slice(0, 64)} is no filter of this list; there are ${filterNames(listing).join(', ')}.`);
}
