import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { DataSourceOptions } from 'typeorm';
import type { Settings } from '../config/settings.js';
import { mysqlTls } from './mysql-tls.js';
import { SnakeNames } from './snake-names.js';

const require = createRequire(import.meta.url);

type Classes = Function[]; // eslint-disable-line @typescript-eslint/no-unsafe-function-type -- TypeORM's own type

/** What both engines need, for the service, the CLI and TypeORM's own CLI (`ormconfig.ts`). */
export function dataSourceOptions(settings: Settings, entities: Classes, migrations: Classes): DataSourceOptions {
  const shared = { entities, migrations, migrationsTableName: 'migrations', namingStrategy: new SnakeNames(), synchronize: false, logging: false } as const;
  return settings.databaseUrl
    ? { ...shared, ...mysqlOptions(settings, settings.databaseUrl) }
    : { ...shared, ...embeddedOptions(settings) };
}

function embeddedOptions(settings: Settings) {
  return {
    type: 'better-sqlite3',
    driver: require('libsql') as unknown,
    database: embeddedPath(settings),
    enableWAL: true,
    prepareDatabase: (db: { pragma(text: string): unknown }) => {
      // FULL: what was acknowledged survives a power cut, not only a crash of the process.
      db.pragma('synchronous = FULL');
      db.pragma('busy_timeout = 5000');
    },
  } as const;
}

export function embeddedPath(settings: Settings): string {
  return join(settings.dataDir, 'provost.db');
}

function mysqlOptions(settings: Settings, url: string) {
  return {
    type: url.startsWith('mariadb:') ? 'mariadb' : 'mysql',
    driver: mysqlDriver(),
    url,
    ssl: mysqlTls(settings),
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    supportBigNumbers: true,
    bigNumberStrings: false,
    poolSize: settings.databasePoolSize,
    connectTimeout: settings.databaseTimeoutMs,
    extra: { enableKeepAlive: true, keepAliveInitialDelay: 10_000, maxPreparedStatements: 512 },
  } as const;
}

/**
 * Every connection of the pool is brought to the same ground before its first query: UTC, strict mode, and READ
 * COMMITTED, under which a transaction sees what others committed and takes no gap locks.
 */
function mysqlDriver(): unknown {
  const mysql = require('mysql2') as { createPool(options: unknown): { on(event: string, listener: (c: MysqlConnection) => void): void } };
  return {
    ...mysql,
    createPool(options: unknown) {
      const pool = mysql.createPool(options);
      pool.on('connection', (connection) => connection.query(SESSION, () => undefined));
      return pool;
    },
  };
}

interface MysqlConnection {
  query(sql: string, done: () => void): void;
}

const SESSION =
  "SET SESSION time_zone = '+00:00', transaction_isolation = 'READ-COMMITTED', " +
  "sql_mode = 'STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', " +
  'innodb_lock_wait_timeout = 5';
