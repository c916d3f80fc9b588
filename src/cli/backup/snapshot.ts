import type { PoolConnection } from 'mysql2';
import type { QueryRunner } from 'typeorm';
import type { ProvostDataSource } from '../../platform/database/provost-data-source.js';
import type { Row } from '../../platform/database/sql.js';

/** The database as it was at one moment, while others go on writing. */
export interface Snapshot {
  rows(statement: string): AsyncIterable<Row> | Iterable<Row>;
  end(): Promise<void>;
}

export function takeSnapshot(dataSource: ProvostDataSource): Promise<Snapshot> {
  return dataSource.options.type === 'better-sqlite3' ? embeddedSnapshot(dataSource) : mysqlSnapshot(dataSource.createQueryRunner());
}

interface Libsql {
  exec(statement: string): void;
  prepare(statement: string): { raw(): void; iterate(values: unknown[]): Iterable<Row> };
}

/** A plain BEGIN, unlike the service's transactions: a reader holds no lock that a writer waits for. */
async function embeddedSnapshot(dataSource: ProvostDataSource): Promise<Snapshot> {
  const { databaseConnection } = dataSource.driver as unknown as { databaseConnection: Libsql };
  databaseConnection.exec('BEGIN');
  return {
    rows: (text) => {
      const statement = databaseConnection.prepare(text);
      statement.raw();
      return statement.iterate([]);
    },
    end: async () => databaseConnection.exec('ROLLBACK'),
  };
}

async function mysqlSnapshot(runner: QueryRunner): Promise<Snapshot> {
  const connection = (await runner.connect()) as PoolConnection;
  await runner.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  await runner.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
  return {
    rows: (sql) => connection.query({ sql, rowsAsArray: true }).stream({ highWaterMark: 200 }) as AsyncIterable<Row>,
    end: async () => {
      await runner.query('ROLLBACK');
      await runner.release();
    },
  };
}
