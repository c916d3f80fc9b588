import { Injectable } from '@nestjs/common';
import { type Row, Sql } from '../database/sql.js';
import { Keyring, wrapperOf } from './keyring.js';
import { MasterKeys } from './master-keys.js';
import { type WrappedColumn, WrappedColumns } from './wrapped-columns.js';

/** Rows read by one statement, and changed by one transaction: short, because the service goes on meanwhile. */
const BATCH = 200;

/** How many stored values each master key wraps, by id. Values from before keys had ids count under `unnamed`. */
export type Tally = Map<string, number>;
export const UNNAMED = 'unnamed';

export interface RewrapReport {
  rewrapped: number;
  /** Values that no known key opens, by table and column. */
  unreadable: Map<string, number>;
}

interface WrappedRow {
  readonly key: string[];
  readonly value: string;
}

/** Moves every wrapped value to the current master key while the service runs, and counts what is wrapped by which. */
@Injectable()
export class Rewrapping {
  constructor(
    private readonly sql: Sql,
    private readonly keyring: Keyring,
    private readonly masters: MasterKeys,
    private readonly columns: WrappedColumns,
  ) {}

  async countRows(): Promise<number> {
    let total = 0;
    for (const { table } of this.columns.list()) total += Number((await this.sql.execute(`SELECT COUNT(*) FROM ${table}`, [])).rows[0]![0]);
    return total;
  }

  async tally(): Promise<Tally> {
    const tally: Tally = new Map();
    for (const column of this.columns.list()) {
      for await (const rows of this.walk(column)) {
        for (const { value } of rows) count(tally, wrapperOf(value) ?? UNNAMED);
      }
    }
    return tally;
  }

  /** Goes over everything once. What others write meanwhile is theirs: a value that changed since it was read stays. */
  async pass(onProgress: (rows: number) => void): Promise<RewrapReport> {
    const report: RewrapReport = { rewrapped: 0, unreadable: new Map() };
    for (const column of this.columns.list()) {
      for await (const rows of this.walk(column)) {
        report.rewrapped += await this.rewrap(column, rows, report.unreadable);
        onProgress(rows.length);
      }
    }
    return report;
  }

  private rewrap(column: WrappedColumn, rows: WrappedRow[], unreadable: Map<string, number>): Promise<number> {
    const { id } = this.masters.current;
    const others = rows.filter(({ value }) => wrapperOf(value) !== id);
    const fresh = others.flatMap((row) => {
      const renewed = this.renewed(column, row);
      if (renewed === undefined) count(unreadable, `${column.table}.${column.column}`);
      return renewed === undefined ? [] : [{ ...row, renewed }];
    });
    if (fresh.length === 0) return Promise.resolve(0);
    const update = `UPDATE ${column.table} SET ${column.column} = ? WHERE ${column.key.map((name) => `${name} = ?`).join(' AND ')} AND ${column.column} = ?`;
    return this.sql.transaction(async (tx) => {
      let changed = 0;
      for (const { key, value, renewed } of fresh) changed += (await tx.execute(update, [renewed, ...key, value])).affected;
      return changed;
    });
  }

  private renewed({ context }: WrappedColumn, { key, value }: WrappedRow): string | undefined {
    const where = context(...key);
    try {
      return this.keyring.wrap(this.keyring.unwrap(value, where), where);
    } catch {
      return undefined;
    }
  }

  /** All rows in the order of their primary key, so that no statement takes longer the more there are. */
  private async *walk(column: WrappedColumn): AsyncGenerator<WrappedRow[]> {
    for (let last: string[] | undefined; ; ) {
      const rows = last ? await this.after(column, last) : await this.read(column, '1 = 1', []);
      if (rows.length === 0) return;
      last = keyOf(column, rows.at(-1)!);
      yield rows.map((row) => ({ key: keyOf(column, row), value: row.at(-1) })).filter((row): row is WrappedRow => typeof row.value === 'string' && row.value !== '');
    }
  }

  /** Of a composite key first the rest of the same beginning, then what begins later: each is one stretch of the index. */
  private async after(column: WrappedColumn, last: string[]): Promise<readonly Row[]> {
    for (let depth = column.key.length; depth > 0; depth -= 1) {
      const where = column.key.slice(0, depth).map((name, index) => `${name} ${index === depth - 1 ? '>' : '='} ?`).join(' AND ');
      const rows = await this.read(column, where, last.slice(0, depth));
      if (rows.length > 0) return rows;
    }
    return [];
  }

  private async read({ table, column, key }: WrappedColumn, where: string, values: string[]): Promise<readonly Row[]> {
    const names = key.join(', ');
    return (await this.sql.execute(`SELECT ${names}, ${column} FROM ${table} WHERE ${where} ORDER BY ${names} LIMIT ${BATCH}`, values)).rows;
  }
}

function keyOf({ key }: WrappedColumn, row: Row): string[] {
  return row.slice(0, key.length) as string[];
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
