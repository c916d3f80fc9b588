import { type Pattern, patternOf } from './word-length-pattern.js';
import { length, type Word } from './words.js';

interface Draft {
  columns: readonly Word[];
  pattern: Pattern;
  /** For each run in how many columns it is at −1. */
  minuses: Uint8Array;
}

/**
 * Regular fractions of least aberration (Fries and Hunter 1980, Technometrics 22, 601) for `base` + 1 up to `factors` factors
 * in 2^base runs: the shortest words as few as possible, then the next. Designs grow by one column at a time, as in Chen, Sun
 * and Wu (1993, Int. Stat. Rev. 61, 131); of those with the same word lengths for every deleted factor one is kept, and the
 * best `beam` of each size go on. Near saturation it is the left-out columns that are few, so designs also shrink from all
 * columns. Not exhaustive: the catalogue made by it is checked against the published one.
 * @returns For each number of factors its columns, base columns among them.
 */
export function leastAberration(base: number, factors: number, beam: number): Map<number, { columns: readonly Word[]; pattern: Pattern }> {
  const runs = 2 ** base;
  const all = Array.from({ length: runs - 1 }, (_, index) => index + 1);
  const largest = Math.min(factors, runs - 1);
  const found = new Map<number, Draft>();
  let grown = [draftOf(all.filter((column) => length(column) === 1), base)];
  for (let size = base + 1; size <= largest; size += 1) {
    grown = best(grown.flatMap((draft) => all.filter((column) => !draft.columns.includes(column)).map((column) => changed(draft, column, 1))), beam);
    found.set(size, grown[0]!);
  }
  let shrunk = factors > runs / 2 ? [draftOf(all, base)] : [];
  for (let size = runs - 1; size > base && shrunk.length > 0; size -= 1) {
    if (found.has(size) && compare(shrunk[0]!.pattern, found.get(size)!.pattern) < 0) found.set(size, shrunk[0]!);
    shrunk = best(shrunk.flatMap((draft) => draft.columns.filter((column) => length(column) > 1).map((column) => changed(draft, column, -1))), beam);
  }
  return found;
}

/** Negative where the first has less aberration. */
export function compare(a: Pattern, b: Pattern): number {
  const at = a.findIndex((count, index) => count !== b[index]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}

function draftOf(columns: readonly Word[], base: number): Draft {
  const minuses = new Uint8Array(2 ** base);
  for (const column of columns) addColumn(minuses, column, 1);
  return { columns, minuses, pattern: patternOf(minuses, columns.length) };
}

function changed(draft: Draft, column: Word, by: 1 | -1): Draft {
  const minuses = draft.minuses.slice();
  addColumn(minuses, column, by);
  const columns = by === 1 ? [...draft.columns, column] : draft.columns.filter((other) => other !== column);
  return { columns, minuses, pattern: patternOf(minuses, columns.length) };
}

function addColumn(minuses: Uint8Array, column: Word, by: 1 | -1): void {
  minuses.forEach((count, run) => { minuses[run] = count + by * (length(column & run) % 2); });
}

function best(drafts: readonly Draft[], beam: number): Draft[] {
  const kept: Draft[] = [];
  const seen = new Set<string>();
  for (const draft of [...drafts].sort((a, b) => compare(a.pattern, b.pattern))) {
    if (kept.length === beam) break;
    const mark = `${draft.pattern.join()}|${deletedPatterns(draft)}`;
    if (!seen.has(mark)) kept.push(draft);
    seen.add(mark);
  }
  return kept;
}

/** The same for designs that differ only by the names of factors and signs, and hardly ever for others. */
function deletedPatterns({ columns, minuses }: Draft): string {
  const patterns = columns.map((column) => {
    const rest = minuses.slice();
    addColumn(rest, column, -1);
    return patternOf(rest, columns.length - 1).slice(0, 7).join();
  });
  return patterns.sort().join(';');
}
