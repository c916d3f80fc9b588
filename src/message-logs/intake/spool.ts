import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { SpoolFull } from '../message-logs.problems.js';
import { bytesOf, type LogRow, sameness } from './log-row.js';

interface Statement {
  raw(): Statement;
  all(values?: unknown[]): unknown[][];
  run(values?: unknown[]): { changes: number };
}

interface Libsql {
  prepare(sql: string): Statement;
  exec(sql: string): void;
  close(): void;
}

export interface SpooledRow {
  readonly seq: number;
  readonly row: LogRow;
}

/**
 * Where logs wait while MySQL is away: a file of its own under DATA_DIR, opened at need. What `add` has returned from is
 * on the disk. Several processes may share the file, and a process finds there what an earlier one left.
 */
@Injectable()
export class Spool {
  private readonly path: string;
  private open?: OpenSpool;

  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {
    this.path = join(settings.dataDir, 'spool', 'message-logs.db');
  }

  /** Stores the rows and answers the ids of those whose client's id waits here already. */
  add(rows: readonly LogRow[]): ReadonlySet<string> {
    this.open ??= new OpenSpool(this.path);
    if (this.open.bytes + rows.reduce((sum, row) => sum + bytesOf(row), 0) > this.settings.spoolBytes) throw new SpoolFull();
    try {
      return this.open.add(rows, this.clock.millis());
    } catch (error) {
      throw /^SQLITE_(FULL|IOERR)/.test((error as { code?: string }).code ?? '') ? new SpoolFull(error) : error;
    }
  }

  /** Of these rows the ids of those whose client's id waits here. */
  duplicates(rows: readonly LogRow[]): ReadonlySet<string> {
    const { existing } = this;
    if (!existing || existing.isEmpty) return NONE;
    return new Set(rows.filter((row) => row.clientId !== null && existing.has(row)).map((row) => row.id));
  }

  /** The oldest rows. */
  first(count: number): SpooledRow[] {
    return this.existing?.first(count) ?? [];
  }

  remove(rows: readonly SpooledRow[]): void {
    this.existing?.remove(rows);
  }

  /** Keeps a row that the database will not have, out of the way of those behind it. */
  setAside({ seq }: SpooledRow): void {
    this.existing?.setAside(seq);
  }

  get isEmpty(): boolean {
    return this.existing?.isEmpty ?? true;
  }

  state(): { rows: number; bytes: number; oldestAt: number | undefined } {
    return this.existing?.state() ?? { rows: 0, bytes: 0, oldestAt: undefined };
  }

  close(): void {
    this.open?.close();
    this.open = undefined;
  }

  private get existing(): OpenSpool | undefined {
    if (!this.open && existsSync(this.path)) this.open = new OpenSpool(this.path);
    return this.open;
  }
}

const NONE: ReadonlySet<string> = new Set();

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS spool (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, sameness TEXT, log TEXT NOT NULL, sealed BLOB NOT NULL,
    at INTEGER NOT NULL, aside INTEGER NOT NULL DEFAULT 0);
  CREATE UNIQUE INDEX IF NOT EXISTS spool_sameness ON spool (sameness) WHERE sameness IS NOT NULL;
  CREATE INDEX IF NOT EXISTS spool_order ON spool (aside, seq)`;

class OpenSpool {
  private readonly db: Libsql;
  private readonly statements = new Map<string, Statement>();

  constructor(path: string) {
    mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
    const Database = createRequire(import.meta.url)('libsql') as new (path: string) => Libsql;
    this.db = new Database(path);
    // Takes effect on a new file only: the space of rows that were moved goes back to the system.
    for (const pragma of ['auto_vacuum = FULL', 'journal_mode = WAL', 'synchronous = FULL', 'busy_timeout = 5000']) this.db.exec(`PRAGMA ${pragma}`);
    this.db.exec(SCHEMA);
  }

  add(rows: readonly LogRow[], at: number): ReadonlySet<string> {
    return this.inTransaction(() => {
      const duplicates = new Set<string>();
      for (const { sealed, ...log } of rows) {
        const same = log.clientId === null ? null : sameness(log);
        const { changes } = this.run('INSERT OR IGNORE INTO spool (sameness, log, sealed, at) VALUES (?, ?, ?, ?)', [same, JSON.stringify(log), sealed, at]);
        if (changes === 0) duplicates.add(log.id);
      }
      return duplicates;
    });
  }

  has(row: LogRow): boolean {
    return this.rows('SELECT 1 FROM spool WHERE sameness = ?', [sameness(row)]).length > 0;
  }

  first(count: number): SpooledRow[] {
    return this.rows('SELECT seq, log, sealed FROM spool WHERE aside = 0 ORDER BY seq LIMIT ?', [count]).map(([seq, log, sealed]) => {
      const plain = JSON.parse(log as string) as LogRow;
      return { seq: seq as number, row: { ...plain, createdAt: new Date(plain.createdAt), sealed: Buffer.from(sealed as Buffer) } };
    });
  }

  remove(rows: readonly SpooledRow[]): void {
    this.inTransaction(() => rows.forEach(({ seq }) => this.run('DELETE FROM spool WHERE seq = ?', [seq])));
  }

  setAside(seq: number): void {
    this.run('UPDATE spool SET aside = 1 WHERE seq = ?', [seq]);
  }

  get isEmpty(): boolean {
    return this.rows('SELECT 1 FROM spool WHERE aside = 0 LIMIT 1').length === 0;
  }

  /** Pages in use; cheap to ask and true for all processes that share the file. */
  get bytes(): number {
    const [pages, free, size] = ['page_count', 'freelist_count', 'page_size'].map((name) => Number(this.rows(`PRAGMA ${name}`)[0]![0]));
    return (pages! - free!) * size!;
  }

  state(): { rows: number; bytes: number; oldestAt: number | undefined } {
    const [count, oldest] = this.rows('SELECT COUNT(*), MIN(at) FROM spool')[0]!;
    return { rows: Number(count), bytes: this.bytes, oldestAt: oldest === null ? undefined : Number(oldest) };
  }

  close(): void {
    this.db.close();
  }

  private inTransaction<T>(work: () => T): T {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.db.exec('COMMIT');
      return result;
    } catch (error) {
      this.db.exec('ROLLBACK');
      throw error;
    }
  }

  private run(sql: string, values: unknown[]): { changes: number } {
    return this.prepared(sql).run(values);
  }

  private rows(sql: string, values: unknown[] = []): unknown[][] {
    return this.prepared(sql).raw().all(values);
  }

  private prepared(sql: string): Statement {
    let statement = this.statements.get(sql);
    if (!statement) this.statements.set(sql, (statement = this.db.prepare(sql)));
    return statement;
  }
}
