import { createRequire } from 'node:module';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Connection, createConnection } from 'mysql2/promise';

export type Value = string | number | null | Buffer | Date;

/** The database of one run, seen by the bench itself: to fill it and to count what lies in it. */
export interface Database {
  /** Engine, version and how durable a commit is. */
  readonly description: string;
  /** Where the service and the floor find it. */
  readonly address: Address;
  execute(statement: string): Promise<void>;
  insert(table: string, columns: readonly string[], rows: readonly (readonly Value[])[]): Promise<void>;
  count(statement: string): Promise<number>;
  drop(): Promise<void>;
}

export type Address = { readonly url: string } | { readonly file: string };

const BATCH = 1000;

export class MysqlDatabase implements Database {
  private constructor(
    private readonly connection: Connection,
    private readonly name: string,
    readonly address: { url: string },
    readonly description: string,
  ) {}

  /** Makes a database of its own on the server. */
  static async make(serverUrl: string): Promise<MysqlDatabase> {
    const name = `bench_${randomBytes(4).toString('hex')}`;
    const url = new URL(serverUrl);
    const connection = await createConnection({ uri: serverUrl.replace(/^mariadb:/, 'mysql:'), timezone: 'Z' });
    await connection.query(`CREATE DATABASE ${name}`);
    await connection.query(`USE ${name}`);
    // Only for filling the tables: the rows are known to fit together.
    await connection.query('SET SESSION foreign_key_checks = 0, unique_checks = 0');
    url.pathname = `/${name}`;
    return new MysqlDatabase(connection, name, { url: url.toString() }, await describe(connection));
  }

  async execute(statement: string): Promise<void> {
    await this.connection.query(statement);
  }

  async insert(table: string, columns: readonly string[], rows: readonly (readonly Value[])[]): Promise<void> {
    await this.connection.beginTransaction();
    for (let start = 0; start < rows.length; start += BATCH) {
      await this.connection.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ?`, [rows.slice(start, start + BATCH)]);
    }
    await this.connection.commit();
  }

  async count(statement: string): Promise<number> {
    const [rows] = await this.connection.query({ sql: statement, rowsAsArray: true });
    return Number((rows as unknown[][])[0]![0]);
  }

  async drop(): Promise<void> {
    await this.connection.query(`DROP DATABASE ${this.name}`);
    await this.connection.end();
  }
}

async function describe(connection: Connection): Promise<string> {
  const [rows] = await connection.query({
    sql: "SHOW VARIABLES WHERE Variable_name IN ('version', 'innodb_flush_log_at_trx_commit', 'sync_binlog', 'log_bin', 'innodb_buffer_pool_size')",
    rowsAsArray: true,
  });
  const { version, ...rest } = Object.fromEntries(rows as [string, string][]);
  return `MySQL ${version} (${Object.entries(rest).map(([name, value]) => `${name}=${value}`).join(', ')})`;
}

interface Libsql {
  prepare(sql: string): { run(values: unknown[]): void; raw(): { get(): unknown[] } };
  exec(sql: string): void;
  close(): void;
}

export class EmbeddedDatabase implements Database {
  readonly description: string;
  readonly address: { file: string };
  private readonly libsql: Libsql;

  /** Opens the file that the service keeps in its folder. */
  constructor(dataDir: string) {
    const Libsql = createRequire(import.meta.url)('libsql') as new (file: string) => Libsql;
    this.address = { file: join(dataDir, 'provost.db') };
    this.libsql = new Libsql(this.address.file);
    this.libsql.exec('PRAGMA journal_mode = WAL');
    this.libsql.exec('PRAGMA busy_timeout = 5000');
    this.description = `embedded, SQLite ${String(this.first('SELECT sqlite_version()'))} (journal_mode=wal, synchronous=full)`;
  }

  async execute(statement: string): Promise<void> {
    this.libsql.exec(statement);
  }

  async insert(table: string, columns: readonly string[], rows: readonly (readonly Value[])[]): Promise<void> {
    const statement = this.libsql.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`);
    this.libsql.exec('BEGIN IMMEDIATE');
    for (const row of rows) statement.run(row.map(stored));
    this.libsql.exec('COMMIT');
  }

  async count(statement: string): Promise<number> {
    return Number(this.first(statement));
  }

  async drop(): Promise<void> {
    this.libsql.close();
  }

  private first(statement: string): unknown {
    return this.libsql.prepare(statement).raw().get()[0];
  }
}

function stored(value: Value): unknown {
  return value instanceof Date ? value.toISOString().replace('T', ' ').slice(0, 23) : value;
}
