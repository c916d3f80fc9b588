import { KINDS, keyOf, type Plain } from '../versions/kinds.js';
import type { BundleContent, BundledVersion } from './bundle.js';
import { firstDifference } from './differences.js';

/** A version says something else than the rows that it led to. */
export class BrokenHistory extends Error {}

/** The rows of a bundle, gone back through its versions one by one. */
export class History {
  private readonly state: Map<string, Map<string, Plain>>;

  constructor({ rows }: Pick<BundleContent, 'rows'>) {
    this.state = new Map(KINDS.map((kind) => [kind.name, new Map((rows[kind.name] ?? []).map((row) => [keyOf(kind, row), row]))]));
  }

  rows<E>(kind: string): E[] {
    return [...(this.state.get(kind)?.values() ?? [])] as E[];
  }

  get isEmpty(): boolean {
    return [...this.state.values()].every(({ size }) => size === 0);
  }

  /** Takes back what a version did, last first; what it says it made must be what is there. */
  undo({ number, changes }: BundledVersion): void {
    for (const { kind, key, before, after } of [...changes].reverse()) {
      const rows = this.state.get(kind);
      const there = rows?.get(key);
      if (!rows || Boolean(after) !== Boolean(there)) throw new BrokenHistory(`Version ${number} ${after ? 'made or changed' : 'removed'} ${kind} ${key}, which is ${there ? 'still there' : 'not there'}.`);
      if (after && there) demandSame(after, there, `Version ${number}: ${kind} ${key}`);
      if (before) rows.set(key, before);
      else rows.delete(key);
    }
  }
}

/** Columns that came with a later release are in the rows alone. */
function demandSame(after: Plain, there: Plain, place: string): void {
  for (const [column, value] of Object.entries(after)) {
    const difference = firstDifference(value, there[column] ?? null, column);
    if (difference) throw new BrokenHistory(`${place}: ${difference.path} became ${JSON.stringify(difference.says)} then, and is ${JSON.stringify(difference.is)}.`);
  }
}
