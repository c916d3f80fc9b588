import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { settingsFrom } from '../../src/platform/config/load-settings.js';
import { dataSourceOptions, embeddedPath } from '../../src/platform/database/data-source-options.js';
import { openDataSource } from '../../src/platform/database/open-data-source.js';
import { SCHEMA } from '../../src/schema.js';
import { type Scratch, scratchDatabase } from './scratch-database.js';

const MIGRATIONS = fileURLToPath(new URL('../../src/migrations', import.meta.url));

/**
 * A database of its own for one test file, as all migrations leave it. The first test file of a run migrates; the others
 * take a copy of what came out: hundreds of statements, each of which waits for the disk, are not repeated for each of them.
 */
export async function migratedDatabase(): Promise<Scratch> {
  const scratch = await scratchDatabase();
  const settings = settingsFrom({}, scratch.settings);
  const url = settings.databaseUrl;
  if (url) await mysqlTemplate().then((template) => restored(url, template));
  else copyFileSync(await embeddedTemplate(), embeddedPath(settings));
  return scratch;
}

async function embeddedTemplate(): Promise<string> {
  return template('provost.db', async (target) => {
    const scratch = await migrated();
    copyFileSync(embeddedPath(settingsFrom({}, scratch.settings)), target);
    await scratch.drop();
  });
}

async function mysqlTemplate(): Promise<string[]> {
  const file = await template('mysql.json', async (target) => {
    const scratch = await migrated();
    writeFileSync(target, JSON.stringify(await dumped(scratch.settings.databaseUrl!)));
    await scratch.drop();
  });
  return JSON.parse(readFileSync(file, 'utf8')) as string[];
}

/** A file made once for these migrations. Workers that make it at once each make a good one; one of them is kept. */
async function template(name: string, make: (target: string) => Promise<void>): Promise<string> {
  const file = join(tmpdir(), `provost-template-${migrationsHash()}`, name);
  if (existsSync(file)) return file;
  mkdirSync(dirname(file), { recursive: true });
  const draft = mkdtempSync(join(tmpdir(), 'provost-template-draft-'));
  await make(join(draft, name));
  renameSync(join(draft, name), file);
  rmSync(draft, { recursive: true });
  return file;
}

function migrationsHash(): string {
  const hash = createHash('sha256');
  const files = readdirSync(MIGRATIONS, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  for (const file of files.sort()) hash.update(file).update(readFileSync(join(MIGRATIONS, file)));
  return hash.digest('hex').slice(0, 16);
}

async function migrated(): Promise<Scratch> {
  const scratch = await scratchDatabase();
  const settings = settingsFrom({}, scratch.settings);
  const { entities, migrations } = SCHEMA;
  const dataSource = await openDataSource(dataSourceOptions(settings, entities, settings.databaseUrl ? migrations.mysql : migrations.embedded), settings);
  if (!settings.databaseUrl) await dataSource.query('PRAGMA wal_checkpoint(TRUNCATE)');
  await dataSource.destroy();
  return scratch;
}

/** The statements that make the tables and their rows again. */
async function dumped(url: string): Promise<string[]> {
  const connection = await createConnection({ uri: url, dateStrings: true, supportBigNumbers: true, bigNumberStrings: true, jsonStrings: true });
  const [tables] = await connection.query<RowDataPacket[]>('SHOW TABLES');
  const names = tables.map((row) => String(Object.values(row)[0]));
  const statements: string[] = [];
  for (const name of names) statements.push(...(await dumpedTable(connection, name)));
  await connection.end();
  return statements;
}

async function dumpedTable(connection: Connection, name: string): Promise<string[]> {
  const [[made]] = await connection.query<RowDataPacket[]>(`SHOW CREATE TABLE \`${name}\``);
  const [rows] = await connection.query<RowDataPacket[]>(`SELECT * FROM \`${name}\``);
  const inserts = rows.map((row) => connection.format(`INSERT INTO \`${name}\` SET ?`, [row]));
  return [String((made as RowDataPacket)['Create Table']), ...inserts];
}

async function restored(url: string, statements: readonly string[]): Promise<void> {
  const connection = await createConnection(url);
  await connection.query('SET foreign_key_checks = 0');
  for (const statement of statements) await connection.query(statement);
  await connection.end();
}
