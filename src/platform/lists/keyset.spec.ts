import 'reflect-metadata';
import { ValidationFailed } from '../problems/problems.js';
import { Keyset, type Page } from './keyset.js';
import { ListQueryDto } from './list-query.dto.js';
import type { Sortable } from './sorting.js';

const ORDER: Sortable = { by: { at: { column: 'at', kind: 'instant' }, amount: { column: 'amount', kind: 'number' } }, default: '-at', id: 'id' };

interface Entry {
  id: string;
  amount: number;
}

const entries: Entry[] = Array.from({ length: 7 }, (_, n) => ({ id: `00000000-0000-7000-8000-00000000000${n}`, amount: Math.floor(n / 3) }));

/** What a database would answer to the fragments of a keyset over `amount`. */
function select(keyset: Keyset): Entry[] {
  const down = / DESC LIMIT/.test(keyset.tail);
  const limit = Number(/LIMIT (\d+)/.exec(keyset.tail)![1]);
  const [value, , id] = keyset.values as [number, number, string];
  const sign = down ? -1 : 1;
  const order = (a: Entry, b: Entry): number => sign * (a.amount - b.amount || (a.id < b.id ? -1 : 1));
  const isPast = (entry: Entry): boolean => sign * (entry.amount - value) > 0 || (entry.amount === value && (down ? entry.id < id : entry.id > id));
  return entries.filter((entry) => keyset.values.length === 0 || isPast(entry)).sort(order).slice(0, limit);
}

function page(query: Partial<ListQueryDto>): Page<Entry> {
  const keyset = Keyset.of(Object.assign(new ListQueryDto(), query), ORDER);
  return keyset.page(select(keyset), ({ amount, id }) => ({ value: amount, id }));
}

describe('A keyset', () => {
  it.each(['amount', '-amount'])('walks every record once, forwards and back, sorted by %s', (sort) => {
    const sorted = page({ sort, limit: 100 }).data;
    const first = page({ sort, limit: 3 });
    const second = page({ cursor: first.nextCursor!, limit: 3 });
    const third = page({ cursor: second.nextCursor!, limit: 3 });
    expect([...first.data, ...second.data, ...third.data]).toEqual(sorted);
    expect(third.nextCursor).toBeNull();
    expect(first.prevCursor).toBeNull();
    const back = page({ cursor: third.prevCursor!, limit: 3 });
    expect(back.data).toEqual(second.data);
    const start = page({ cursor: back.prevCursor!, limit: 3 });
    expect(start).toMatchObject({ data: first.data, prevCursor: null });
    expect(page({ cursor: start.nextCursor!, limit: 3 }).data).toEqual(second.data);
  });

  it('refuses what it cannot sort by, with the list of what it can', () => {
    expect(() => page({ sort: 'reason' })).toThrow('sort must be one of at, amount');
    expect(() => page({ sort: 'constructor' })).toThrow(ValidationFailed);
  });

  it('refuses cursors that are junk, of another order, or forged', () => {
    const { nextCursor } = page({ sort: 'amount', limit: 1 });
    const forged = (cursor: unknown): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');
    const { id } = entries[0]!;
    for (const query of [
      { cursor: 'junk' },
      { cursor: nextCursor!, sort: '-amount' },
      { cursor: forged(['amount', 0, 'x', id]) },
      { cursor: forged(['-at', 0, 9e15, id]) },
      { cursor: forged(['amount', 0, 1, "' OR 1"]) },
      { cursor: forged(['id; DROP TABLE x', 0, 1, id]) },
    ]) {
      expect(() => page(query)).toThrow(ValidationFailed);
    }
  });

  it('binds instants as dates, which both engines store alike', () => {
    const at = Date.UTC(2026, 2, 2);
    const first = Keyset.of(Object.assign(new ListQueryDto(), { limit: 1 }), ORDER);
    const { nextCursor } = first.page(entries, ({ id }) => ({ value: at, id }));
    const next = Keyset.of(Object.assign(new ListQueryDto(), { cursor: nextCursor }), ORDER);
    expect(next.values).toEqual([new Date(at), new Date(at), entries[0]!.id]);
    expect(next.where).toBe('(at <= ? AND (at < ? OR id < ?))');
  });
});
