import { chainHash } from './chain.js';
import type { StoredRow } from './stored-row.js';

/** Something that is not as it was written. */
export interface AuditFault {
  /** `edited`, `reordered`, `forged`, `removed`, `cut-off`, `outside` the chain, `head` of a lane, `checkpoint`. */
  readonly kind: 'edited' | 'reordered' | 'forged' | 'removed' | 'cut-off' | 'outside' | 'head' | 'checkpoint';
  /** The row; where rows are missing, the one that follows them, if any. */
  readonly id: string | null;
  readonly lane: number | null;
  readonly seq: number | null;
  /** When, as far as rows beside it tell. */
  readonly at: string | null;
  readonly detail: string;
}

/** A row whose hash does not follow from the row that stands before it. */
export interface Suspect {
  readonly row: StoredRow;
  /** The hash of the row before it, as it stands now. */
  readonly previous: string;
}

/** So many rows are tried at each other's places; past that they count as edited. */
const MOST_TRIED = 24;

/**
 * Tells rows that were edited from rows that stand at another's place, and from innocent ones that only follow such a row:
 * a hash says at which place, behind which row, its row was written.
 */
export function faultsOf(suspects: readonly Suspect[]): AuditFault[] {
  const tried = suspects.slice(0, MOST_TRIED);
  const hashes = [...new Set(tried.flatMap(({ row, previous }) => [previous, row.hash]))];
  return suspects.flatMap(({ row }, index) => {
    const home = index < MOST_TRIED ? tried.find((place) => hashes.some((before) => chainHash(before, { ...row, lane: place.row.lane, seq: place.row.seq }) === row.hash)) : undefined;
    if (!home) return { ...placeOf(row), kind: 'edited', detail: 'This row does not say what it said when it was written.' };
    if (home.row === row) return [];
    return { ...placeOf(row), kind: 'reordered', detail: `This row was written as row ${home.row.seq} of lane ${home.row.lane} and stands at the place of row ${row.seq} of lane ${row.lane}.` };
  });
}

export function placeOf({ id, lane, seq, at }: StoredRow): Pick<AuditFault, 'id' | 'lane' | 'seq' | 'at'> {
  return { id, lane, seq, at };
}

/** Rows are missing before this one. */
export function missingBefore(next: StoredRow, from: number): AuditFault {
  const to = next.seq - 1;
  const which = from === to ? `Row ${from} of lane ${next.lane} is` : `Rows ${from} to ${to} of lane ${next.lane} are`;
  return { kind: 'removed', id: next.id, lane: next.lane, seq: from, at: next.at, detail: `${which} gone; the row named here comes after.` };
}

/** Earliest first; what tells no time comes last. */
export function byTime(a: AuditFault, b: AuditFault): number {
  return (a.at ?? '9').localeCompare(b.at ?? '9') || (a.lane ?? 0) - (b.lane ?? 0) || (a.seq ?? 0) - (b.seq ?? 0);
}
