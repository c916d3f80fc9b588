import type { Pool, PoolConnection, ResultSetHeader } from 'mysql2';
import { retryingDeadlocks } from './retry.js';
import { MYSQL, type Row, Sql, type SqlConnection, type SqlResult, type SqlValue } from './sql.js';

/** Prepared statements over TypeORM's own pool. A statement past the time limit counts as the database being away. */
export class MysqlSql extends Sql {
  override readonly dialect = MYSQL;

  constructor(
    private readonly pool: () => Pool,
    private readonly timeoutMs: number,
  ) {
    super();
  }

  /** A lone statement is a transaction of its own: one that lost a deadlock left nothing behind and runs again. */
  override execute(statement: string, values: readonly SqlValue[]): Promise<SqlResult> {
    return retryingDeadlocks(() => this.executeOnce(statement, values));
  }

  private async executeOnce(statement: string, values: readonly SqlValue[]): Promise<SqlResult> {
    const connection = await this.connect();
    try {
      return await run(connection, statement, values, this.timeoutMs);
    } finally {
      connection.release();
    }
  }

  protected override carryOut<T>(work: (tx: SqlConnection) => Promise<T>): Promise<T> {
    return retryingDeadlocks(() => this.once(work));
  }

  private async once<T>(work: (tx: SqlConnection) => Promise<T>): Promise<T> {
    const connection = await this.connect();
    let healthy = true;
    try {
      await control(connection, 'START TRANSACTION', this.timeoutMs);
      const result = await work({ execute: (statement, values) => run(connection, statement, values, this.timeoutMs) });
      await control(connection, 'COMMIT', this.timeoutMs);
      return result;
    } catch (error) {
      // A connection that cannot roll back must not serve anyone else: its transaction may still be open.
      healthy = await control(connection, 'ROLLBACK', this.timeoutMs).then(() => true, () => false);
      throw error;
    } finally {
      if (healthy) connection.release();
      else connection.destroy();
    }
  }

  private connect(): Promise<PoolConnection> {
    return new Promise((resolve, reject) => {
      this.pool().getConnection((error, connection) => (error ? reject(error) : resolve(connection)));
    });
  }
}

function run(connection: PoolConnection, sql: string, values: readonly SqlValue[], timeoutMs: number): Promise<SqlResult> {
  return inTime(connection, timeoutMs, (resolve, reject) => {
    connection.execute({ sql, values: values as SqlValue[], rowsAsArray: true }, (error, result) => {
      if (error) reject(error);
      else if (Array.isArray(result)) resolve({ rows: result as unknown as Row[], affected: 0 });
      else resolve({ rows: [], affected: (result as ResultSetHeader).affectedRows });
    });
  });
}

function control(connection: PoolConnection, sql: string, timeoutMs: number): Promise<void> {
  return inTime(connection, timeoutMs, (resolve, reject) => {
    connection.query(sql, (error) => (error ? reject(error) : resolve()));
  });
}

/**
 * A limit of our own: mysql2's leaves out the time to prepare a statement, and a server that hangs while it prepares
 * would be waited for without end.
 */
function inTime<T>(connection: PoolConnection, timeoutMs: number, start: (resolve: (value: T) => void, reject: (error: Error) => void) => void): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      connection.destroy();
      reject(new StatementTimeout(timeoutMs));
    }, timeoutMs);
    start(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

/** Counts as the database being away. */
class StatementTimeout extends Error {
  readonly code = 'PROTOCOL_SEQUENCE_TIMEOUT';

  constructor(timeoutMs: number) {
    super(`The database did not answer within ${timeoutMs} ms.`);
  }
}
