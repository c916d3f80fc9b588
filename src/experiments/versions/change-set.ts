import { type EntityManager, type FindOptionsWhere, In } from 'typeorm';
import { insertEntities } from '../../platform/database/insert-entities.js';
import type { Experiment } from '../experiment.entity.js';
import { type Kind, keyOf, type Plain, plainOf } from './kinds.js';

/** What became of one row: without `before` it is new, without `after` it is gone. */
export interface RowChange {
  readonly kind: string;
  readonly key: string;
  readonly before: Plain | null;
  readonly after: Plain | null;
}

/** Values in one statement, below what either engine takes. */
const AT_ONCE = 500;

/** Writes rows of an experiment that is locked, and notes what was before and after: together they make one version. */
export class ChangeSet {
  readonly changes: RowChange[] = [];

  constructor(
    readonly tx: EntityManager,
    readonly experiment: Experiment,
    readonly authorId: string,
    readonly now: Date,
  ) {}

  async insert<E extends object>(kind: Kind<E>, ...rows: E[]): Promise<void> {
    for (const row of rows) Object.assign(row, { experimentId: this.experiment.id, ...('version' in row && { createdAt: this.now, updatedAt: this.now }) });
    await insertEntities(this.tx, kind.entity, rows);
    for (const row of rows) this.note(kind, row, null, plainOf(this.tx, kind, row));
  }

  /** The row takes the new values too. */
  async update<E extends object>(kind: Kind<E>, row: E, change: NoInfer<Partial<E>>): Promise<void> {
    const before = plainOf(this.tx, kind, row);
    const written = { ...change, ...bookkeeping(row, this.now) };
    Object.assign(row, written);
    const after = plainOf(this.tx, kind, row);
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    await this.write(kind, row, written);
    this.note(kind, row, before, after);
  }

  async remove<E extends object>(kind: Kind<E>, row: E): Promise<void> {
    await this.tx.delete(kind.entity, whereOf(kind, row));
    this.note(kind, row, plainOf(this.tx, kind, row), null);
  }

  /** Removes many at once. They are all that have these values in the column. */
  async removeAll<E extends object>(kind: Kind<E>, column: keyof E & string, rows: readonly E[]): Promise<void> {
    const values = [...new Set(rows.map((row) => row[column]))];
    for (let start = 0; start < values.length; start += AT_ONCE) {
      await this.tx.delete(kind.entity, { experimentId: this.experiment.id, [column]: In(values.slice(start, start + AT_ONCE)) });
    }
    for (const row of rows) this.note(kind, row, plainOf(this.tx, kind, row), null);
  }

  /** Without a note: for values that stand in the table only until the change is through. */
  async write<E extends object>(kind: Kind<E>, row: E, values: Partial<E>): Promise<void> {
    await this.tx.update(kind.entity, whereOf(kind, row), values as never);
  }

  private note<E extends object>(kind: Kind<E>, row: E, before: Plain | null, after: Plain | null): void {
    this.changes.push({ kind: kind.name, key: keyOf(kind, row), before, after });
  }
}

function whereOf<E extends object>({ key }: Kind<E>, row: E): FindOptionsWhere<E> {
  return Object.fromEntries(key.map((column) => [column, row[column]])) as FindOptionsWhere<E>;
}

/** The experiment's own version is raised once, for all that happened. */
function bookkeeping<E extends object>(row: E, now: Date): Partial<E> {
  return ('version' in row && 'experimentId' in row ? { version: (row.version as number) + 1, updatedAt: now } : {}) as Partial<E>;
}
