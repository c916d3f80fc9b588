import { EMBEDDED, type Row, Sql, type SqlConnection, type SqlResult, type SqlValue } from './sql.js';
import type { Turnstile } from './turnstile.js';

interface Statement {
  readonly reader: boolean;
  raw(): Statement;
  all(values: unknown[]): Row[];
  run(values: unknown[]): { changes: number };
}

export interface EmbeddedConnection {
  prepare(sql: string): Statement;
  exec(sql: string): void;
}

/** The same statements on libsql's connection, behind the turnstile that TypeORM's query runners pass too. */
export class EmbeddedSql extends Sql {
  override readonly dialect = EMBEDDED;
  private readonly statements = new Map<string, Statement>();

  constructor(
    private readonly connection: () => EmbeddedConnection,
    private readonly turnstile: Turnstile,
  ) {
    super();
  }

  override async execute(statement: string, values: readonly SqlValue[]): Promise<SqlResult> {
    const me = {};
    await this.turnstile.enter(me, statement);
    try {
      return this.run(statement, values);
    } finally {
      this.turnstile.leave(me);
    }
  }

  protected override carryOut<T>(work: (tx: SqlConnection) => Promise<T>): Promise<T> {
    return this.turnstile.inScope(async () => {
      const me = {};
      await this.turnstile.enter(me, 'BEGIN');
      this.turnstile.claimScope(me);
      try {
        return await this.within(work);
      } finally {
        this.turnstile.leave(me);
      }
    });
  }

  private async within<T>(work: (tx: SqlConnection) => Promise<T>): Promise<T> {
    this.connection().exec('BEGIN IMMEDIATE');
    try {
      const result = await work({ execute: async (statement, values) => this.run(statement, values) });
      this.connection().exec('COMMIT');
      return result;
    } catch (error) {
      this.connection().exec('ROLLBACK');
      throw error;
    }
  }

  private run(sql: string, values: readonly SqlValue[]): SqlResult {
    let statement = this.statements.get(sql);
    if (!statement) {
      statement = this.connection().prepare(sql);
      if (statement.reader) statement.raw();
      this.statements.set(sql, statement);
      if (this.statements.size > 500) this.statements.delete(this.statements.keys().next().value!);
    }
    const bound = values.map(toSqlite);
    if (statement.reader) return { rows: statement.all(bound), affected: 0 };
    return { rows: [], affected: statement.run(bound).changes };
  }
}

/** Dates take the form in which TypeORM stores them, so both ways of writing agree. */
function toSqlite(value: SqlValue): unknown {
  return value instanceof Date ? value.toISOString().replace('T', ' ').slice(0, 23) : value;
}
