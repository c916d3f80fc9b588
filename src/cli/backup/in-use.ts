import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { Settings } from '../../platform/config/settings.js';
import { embeddedPath } from '../../platform/database/data-source-options.js';
import { mysqlTls } from '../../platform/database/mysql-tls.js';
import { CommandFailed } from '../output.js';

interface Libsql {
  exec(statement: string): void;
  prepare(statement: string): { all(values: unknown[]): unknown[] };
  close(): void;
}

/** Refuses when somebody has the database open: a running service would go on with what it remembers of the old one. */
export async function demandUnused(settings: Settings): Promise<void> {
  const used = settings.databaseUrl ? await isMysqlInUse(settings, settings.databaseUrl) : isEmbeddedInUse(embeddedPath(settings));
  if (used) throw new CommandFailed('The database is in use. Stop Provost, and whatever else is connected to it, and try again.');
}

/** SQLite leaves WAL mode only for a connection that is alone; the next one to open the file goes back to it. */
function isEmbeddedInUse(path: string): boolean {
  if (!existsSync(path)) return false;
  const Database = createRequire(import.meta.url)('libsql') as new (path: string) => Libsql;
  const database = new Database(path);
  try {
    database.exec('PRAGMA busy_timeout = 0');
    database.prepare('PRAGMA journal_mode = DELETE').all([]);
    return false;
  } catch (error) {
    if ((error as { code?: string }).code === 'SQLITE_BUSY') return true;
    throw error;
  } finally {
    database.close();
  }
}

async function isMysqlInUse(settings: Settings, url: string): Promise<boolean> {
  const connection = await createConnection({ uri: url, ssl: mysqlTls(settings) });
  try {
    const [rows] = await connection.query<RowDataPacket[]>('SELECT 1 FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID() LIMIT 1');
    return rows.length > 0;
  } finally {
    await connection.end();
  }
}
