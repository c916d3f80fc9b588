import type { RowChange } from './change-set.js';
import type { ExperimentVersion } from './experiment-version.entity.js';
import type { Plain } from './kinds.js';
import type { PutBack } from './restore.js';
import { changesOf, type State } from './versions.js';

export class VersionDto {
  id!: string;
  number!: number;
  at!: string;
  authorId!: string;
  /** What was done. @example 'parameters.create' */
  action!: string;
  /** How many rows were touched. */
  rows!: number;

  static of({ id, number, at, authorId, action, rows }: ExperimentVersion): VersionDto {
    return { id, number, at: at.toISOString(), authorId, action, rows };
  }
}

export class RowChangeDto {
  /** `experiment`, `parameter`, `response`, `run`, `run-setting`, `result` or `literature`. */
  kind!: string;
  /** The row's id; of a run's setting those of run and parameter. */
  key!: string;
  /** Null where the row is new. */
  before!: Record<string, unknown> | null;
  /** Null where the row is gone. */
  after!: Record<string, unknown> | null;

  static of({ kind, key, before, after }: RowChange): RowChangeDto {
    return { kind, key, before, after };
  }
}

/** A version with everything as it was then. */
export class VersionStateDto extends VersionDto {
  /** What made it this version. */
  changes!: RowChangeDto[];
  /** All rows by kind. */
  state!: Record<string, Record<string, unknown>[]>;

  static withState(version: ExperimentVersion, state: State): VersionStateDto {
    const rows = [...state].map(([kind, byKey]): [string, Plain[]] => [kind, inOrder(byKey)]);
    return { ...VersionDto.of(version), changes: changesOf(version).map((change) => RowChangeDto.of(change)), state: Object.fromEntries(rows) };
  }
}

/** As people number them, else by their ids: no engine promises an order of its own. */
function inOrder(byKey: ReadonlyMap<string, Plain>): Plain[] {
  const place = (row: Plain): number => Number(row['position'] ?? row['number'] ?? 0);
  return [...byKey].sort(([a, one], [b, other]) => place(one) - place(other) || (a < b ? -1 : 1)).map(([, row]) => row);
}

export class DifferenceDto {
  from!: number;
  to!: number;
  changes!: RowChangeDto[];
}

export class KeptDto {
  kind!: string;
  key!: string;
}

export class RestoredVersionDto {
  /** The experiment's version now. */
  version!: number;
  /** How many rows were put back, by kind. */
  restored!: Record<string, number>;
  /** What stayed although that version did not have it: results, and what they rest on. */
  kept!: KeptDto[];

  static of({ version, restored, kept }: PutBack & { version: number }): RestoredVersionDto {
    return { version, restored, kept: kept.map(({ kind, key }) => ({ kind, key })) };
  }
}
