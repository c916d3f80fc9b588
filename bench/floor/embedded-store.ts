import { createRequire } from 'node:module';
import type { Statement, Store } from './store.js';

interface Prepared {
  raw(): { all(values: readonly unknown[]): unknown[][] };
  run(values: readonly unknown[]): { changes: number };
}

interface Libsql {
  prepare(sql: string): Prepared;
  exec(sql: string): void;
}

/** libsql as durable as the service has it. */
export class EmbeddedStore implements Store {
  private readonly libsql: Libsql;
  private readonly statements = new Map<string, Prepared>();

  constructor(file: string) {
    const Libsql = createRequire(import.meta.url)('libsql') as new (file: string) => Libsql;
    this.libsql = new Libsql(file);
    this.libsql.exec('PRAGMA journal_mode = WAL');
    this.libsql.exec('PRAGMA synchronous = FULL');
    this.libsql.exec('PRAGMA busy_timeout = 5000');
  }

  async rows(statement: string, values: readonly unknown[]): Promise<readonly (readonly unknown[])[]> {
    return this.prepared(statement).raw().all(values);
  }

  async change(statement: string, values: readonly unknown[]): Promise<number> {
    return this.prepared(statement).run(values).changes;
  }

  async changeTogether(statements: readonly Statement[]): Promise<void> {
    this.libsql.exec('BEGIN IMMEDIATE');
    for (const [statement, values] of statements) this.prepared(statement).run(values);
    this.libsql.exec('COMMIT');
  }

  private prepared(statement: string): Prepared {
    let prepared = this.statements.get(statement);
    if (!prepared) this.statements.set(statement, (prepared = this.libsql.prepare(statement)));
    return prepared;
  }
}
