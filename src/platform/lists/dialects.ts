import { ValidationFailed } from '../problems/problems.js';

/** Most records of a page: native pages are small, exports of admin panels ask for a thousand. */
const MOST = 100;
const MOST_IN_WINDOW = 1000;
const DEFAULT_LIMIT = 20;
const MOST_VALUES = 501;
const LONGEST = 65_536;

/** A list's query string in the words of none of the dialects. Filters are texts still, one or more of each. */
export interface Asked {
  readonly native: boolean;
  /** Whether a page was asked for by its place. */
  readonly paged: boolean;
  readonly offset: number;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly sort?: string | undefined;
  readonly filters: Readonly<Record<string, readonly string[]>>;
}

type Query = Readonly<Record<string, unknown>>;
type Place = Omit<Asked, 'filters' | 'sort'>;

/** Words that say which page, never what is in it. */
const RESERVED = new Set(['limit', 'cursor', 'sort', 'range', 'filter', '_start', '_end', '_sort', '_order']);

/**
 * Reads any of three dialects: the native one (`limit`, `cursor`, `sort=-field`), that of ra-data-simple-rest (`range`,
 * `sort` and `filter` in JSON) and that of ra-data-json-server and @refinedev/simple-rest (`_start`, `_end`, `_sort`,
 * `_order`). Named filters may come along with each of them.
 */
export function asked(query: Query): Asked {
  for (const name of RESERVED) if (query[name] !== undefined && typeof query[name] !== 'string') refuse(name, 'once', `${name} must be given once.`);
  const filters = { ...namedFilters(query), ...jsonFilters(query) };
  return { ...placeOf(query), sort: sortOf(query), filters };
}

function placeOf(query: Query): Place {
  const { range, _start, _end, cursor } = query as Record<string, string | undefined>;
  const isWindow = range !== undefined || _start !== undefined || _end !== undefined;
  if (isWindow && cursor !== undefined) refuse('cursor', 'either', 'Ask for a page by cursor or by its place, not by both.');
  if (range !== undefined) return windowOf('range', ...rangeOf(range));
  if (isWindow) return windowOf('_end', wholeNumber('_start', _start ?? '0'), _end === undefined ? undefined : wholeNumber('_end', _end));
  const limit = query['limit'] === undefined ? DEFAULT_LIMIT : wholeNumber('limit', query['limit'] as string);
  if (limit < 1 || limit > MOST) refuse('limit', 'limit', `limit must be from 1 to ${MOST}.`);
  const native = query['filter'] === undefined && query['_sort'] === undefined && !isJsonSort(query['sort']);
  return { native, paged: cursor !== undefined || query['limit'] !== undefined, offset: 0, limit, cursor };
}

/** @param end the first record that is not wanted any more */
function windowOf(pointer: string, start: number, end = start + DEFAULT_LIMIT): Place {
  if (end <= start) refuse(pointer, 'range', 'The end of a page must lie behind its start.');
  if (end - start > MOST_IN_WINDOW) refuse(pointer, 'range', `A page holds ${MOST_IN_WINDOW} records at most.`);
  return { native: false, paged: true, offset: start, limit: end - start };
}

/** `[0,24]`, both ends included. */
function rangeOf(text: string): [number, number] {
  const [, start, end] = /^\[\s*(\d{1,15})\s*,\s*(\d{1,15})\s*\]$/.exec(text) ?? [];
  if (start === undefined || end === undefined) return refuse('range', 'range', 'range must be two whole numbers such as [0,24].');
  return [wholeNumber('range', start), wholeNumber('range', end) + 1];
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) refuse(name, 'integer', `${name} must be a whole number, 0 or more.`);
  return Number(text);
}

function isJsonSort(sort: unknown): boolean {
  return typeof sort === 'string' && sort.startsWith('[');
}

/** `-field`, `["field","DESC"]`, or `_sort` and `_order`. */
function sortOf(query: Query): string | undefined {
  const { sort, _sort, _order } = query as Record<string, string | undefined>;
  if (_sort !== undefined && _sort !== '') return directed(_sort, _order ?? 'ASC');
  if (!isJsonSort(sort)) return sort === '' ? undefined : sort;
  const pair = parsed('sort', sort!);
  if (!Array.isArray(pair) || pair.length !== 2 || !pair.every((part) => typeof part === 'string')) return refuse('sort', 'sort', 'sort must be a field and ASC or DESC, such as ["id","ASC"].');
  return directed(...(pair as [string, string]));
}

function directed(field: string, order: string): string {
  if (!/^(?:asc|desc)$/i.test(order)) refuse('sort', 'order', 'The order must be ASC or DESC; lists are sorted by one field, and then by id.');
  return /^desc$/i.test(order) ? `-${field}` : field;
}

function namedFilters(query: Query): Record<string, string[]> {
  const named = Object.entries(query).filter(([name, value]) => !RESERVED.has(name) && value !== '');
  return Object.fromEntries(named.map(([name, value]) => [name, textsOf(name, value)]));
}

/** `filter={"status":"banned","id":["…","…"]}`. */
function jsonFilters({ filter }: Query): Record<string, string[]> {
  if (filter === undefined || filter === '') return {};
  const object = parsed('filter', filter as string);
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return refuse('filter', 'object', 'filter must be a JSON object.');
  const given = Object.entries(object).filter(([, value]) => value !== '');
  return Object.fromEntries(given.map(([name, value]) => [name, textsOf(name, value)]));
}

function parsed(name: string, text: string): unknown {
  if (text.length > LONGEST) refuse(name, 'too-long', `${name} is too long.`);
  try {
    return JSON.parse(text);
  } catch {
    return refuse(name, 'json', `${name} is not valid JSON.`);
  }
}

/** A value or a flat list of them; anything deeper has no meaning here. */
function textsOf(name: string, value: unknown): string[] {
  const items: unknown[] = Array.isArray(value) ? value : [value];
  if (items.length > MOST_VALUES) refuse(name, 'too-many', `${name.slice(0, 64)} has too many values.`);
  return items.map((item) => {
    if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean') return String(item);
    return refuse(name, 'value', `${name.slice(0, 64)} must be a value or a list of values.`);
  });
}

export function refuse(pointer: string, code: string, detail: string): never {
  throw new ValidationFailed([{ pointer: pointer.slice(0, 64), code, detail }]);
}
