import 'reflect-metadata';
import { ValidationFailed } from '../problems/problems.js';
import type { Listing } from './listing.js';
import { type Wanted, wantedOf } from './wanted.js';

class Book {
  id!: string;
  titleKey!: string;
  pages!: number;
  printedAt!: Date;
}

const BOOKS: Listing<Book> = {
  resource: 'books',
  entity: Book,
  sorts: { title: { kind: 'text', property: 'titleKey' }, printedAt: { kind: 'instant' } },
  filters: {
    title: { kind: 'text', property: 'titleKey', fold: (text) => text.toLowerCase() },
    pages: { kind: 'number' },
    printedAt: { kind: 'instant' },
    lent: { kind: 'flag' },
    shelf: { kind: 'word', words: ['a', 'b'] },
  },
  search: { properties: ['titleKey'] },
};

const json = JSON.stringify;
const read = (query: Record<string, unknown>): Wanted => wantedOf(query, BOOKS);
const ids = (count: number): string[] => Array.from({ length: count }, (_, n) => `id-${n}`);

describe('A list request', () => {
  it('is read in the native dialect', () => {
    expect(read({})).toMatchObject({ offset: 0, limit: 20, native: true, filters: [], resource: 'books' });
    expect(read({ limit: '7', sort: '-title', shelf: 'a' })).toMatchObject({ limit: 7, sort: '-title', native: true, filters: [{ field: 'shelf', operator: 'eq', values: ['a'] }] });
    expect(read({ cursor: 'abc' })).toMatchObject({ cursor: 'abc', native: true });
  });

  it('is read in the dialect of ra-data-simple-rest', () => {
    const query = { range: '[50,74]', sort: '["printedAt","DESC"]', filter: json({ title: 'Ulysses', pages_gte: 100, lent: true, q: 'ul' }) };
    expect(read(query)).toMatchObject({
      offset: 50, limit: 25, sort: '-printedAt', q: 'ul', native: false,
      filters: [{ field: 'title', values: ['ulysses'] }, { field: 'pages', operator: 'gte', values: [100] }, { field: 'lent', values: [1] }],
    });
    expect(read({ filter: json({ id: ['x', 'y', 'x'] }) }).ids).toEqual(['x', 'y']);
  });

  it('is read in the dialect of ra-data-json-server and refine', () => {
    const query = { _start: '50', _end: '75', _sort: 'title', _order: 'asc', q: 'ul', pages_lte: '300', shelf_ne: ['a', 'b'], title_like: 'U' };
    expect(read(query)).toMatchObject({
      offset: 50, limit: 25, sort: 'title', q: 'ul', native: false,
      filters: [{ operator: 'lte', values: [300] }, { operator: 'ne', values: ['a', 'b'] }, { operator: 'like', values: ['u'] }],
    });
    expect(read({ id: ['x', 'y'] }).ids).toEqual(['x', 'y']);
    expect(read({ id: 'x' }).ids).toEqual(['x']);
  });

  it('pages through chosen records where a page is asked for', () => {
    expect(read({ filter: json({ id: ['x'] }), range: '[0,9]' })).toMatchObject({ limit: 10, filters: [{ field: 'id', values: ['x'] }] });
    expect(read({ id: 'x', range: '[0,9]' }).ids).toBeUndefined();
  });

  it('reads days and instants as UTC unless a zone is named', () => {
    const instant = (printedAt: string): unknown => read({ printedAt }).filters[0]!.values[0];
    expect(instant('2030-01-31')).toEqual(new Date('2030-01-31T00:00:00Z'));
    expect(instant('2030-01-31T12:00')).toEqual(new Date('2030-01-31T12:00:00Z'));
    expect(instant('2030-01-31T12:00:00+02:00')).toEqual(new Date('2030-01-31T10:00:00Z'));
  });

  it('takes empty filters, as cleared inputs send them, for none', () => {
    expect(read({ shelf: '', filter: json({ title: '' }), _sort: '' })).toMatchObject({ filters: [], sort: undefined });
  });

  it.each<[string, Record<string, unknown>]>([
    ['broken JSON in filter', { filter: '{"a"' }],
    ['a filter that is a list', { filter: '[]' }],
    ['a filter that is null', { filter: 'null' }],
    ['a nested filter', { filter: json({ shelf: { a: 1 } }) }],
    ['a nested list', { filter: json({ shelf: [['a']] }) }],
    ['a list nested ten thousand deep', { filter: `{"shelf":${'['.repeat(10_000)}${']'.repeat(10_000)}}` }],
    ['null in a filter', { filter: json({ shelf: null }) }],
    ['a filter given twice', { filter: ['{}', '{}'] }],
    ['a filter of 100 kB', { filter: json({ title: 'x'.repeat(100_000) }) }],
    ['a range backwards', { range: '[24,0]' }],
    ['a negative range', { range: '[-1,5]' }],
    ['a range of no numbers', { range: '["a","b"]' }],
    ['a range of three', { range: '[0,1,2]' }],
    ['a huge range', { range: '[0,1000]' }],
    ['a range past all numbers', { range: '[99999999999999999999,999999999999999999999]' }],
    ['a page backwards', { _start: '10', _end: '5' }],
    ['an empty page', { _start: '10', _end: '10' }],
    ['a negative start', { _start: '-1', _end: '5' }],
    ['a start that is no number', { _start: 'x', _end: '5' }],
    ['a start in exponents', { _start: '1e3', _end: '1e4' }],
    ['a page of 1001', { _start: '0', _end: '1001' }],
    ['a limit of 0', { limit: '0' }],
    ['a limit of 101', { limit: '101' }],
    ['a page by cursor and by place', { _start: '0', _end: '5', cursor: 'abc' }],
    ['an unknown sort field', { sort: 'author' }],
    ['an inherited name to sort by', { sort: '-constructor' }],
    ['several fields to sort by', { _sort: 'title,printedAt', _order: 'asc,desc' }],
    ['a sort of one', { sort: '["title"]' }],
    ['a sort of no texts', { sort: '[1,2]' }],
    ['an unknown order', { _sort: 'title', _order: 'sideways' }],
    ['an unknown filter', { author: 'x' }],
    ['an inherited name as a filter', { filter: '{"__proto__":"x"}' }],
    ['an operator that the kind does not have', { shelf_gte: 'a' }],
    ['an unknown word', { shelf: 'c' }],
    ['a number that is none', { pages_gte: 'many' }],
    ['an endless number', { pages: 'Infinity' }],
    ['a flag that is none', { lent: 'yes' }],
    ['an instant that is none', { printedAt: '31/01/2030' }],
    ['a day that does not exist', { printedAt: '2030-13-31' }],
    ['two beginnings', { title_like: ['a', 'b'] }],
    ['two searches', { q: ['a', 'b'] }],
    ['501 ids', { id: ids(501) }],
    ['501 ids in a filter', { filter: json({ id: ids(501) }) }],
    ['thousands of ids', { filter: json({ id: ids(3000) }) }],
  ])('is refused for %s', (_what, query) => {
    expect(() => read(query)).toThrow(ValidationFailed);
  });

  it('says what there is where something unknown was asked for', () => {
    expect(() => read({ sort: 'author' })).toThrow('sort must be one of id, title, printedAt, with or without - before it.');
    expect(() => read({ author: 'x' })).toThrow('author is no filter of this list; there are id, q, title, title_ne, title_like, pages');
  });

  it('takes 500 ids', () => {
    expect(read({ filter: json({ id: ids(500) }) }).ids).toHaveLength(500);
  });
});
