import type { Settings } from '../../platform/config/settings.js';
import { sqlOf } from '../../platform/database/database.module.js';
import { migrate } from '../../platform/database/migrate.js';
import type { ProvostDataSource } from '../../platform/database/provost-data-source.js';
import { placeholders, type SqlConnection, type SqlValue } from '../../platform/database/sql.js';
import { CommandFailed, Progress } from '../output.js';
import { type BackupHeader, type BackupLine, readArchive, readHeader, type TableLine } from './archive.js';
import { type BackupColumn, columnsOf } from './columns.js';
import { addKeyFiles, demandMasterKeys, makeBackupKeyCurrent } from './keys.js';
import { schemaState } from './schema-state.js';

const MAX_ROWS = 200;
const MAX_VALUES = 30_000;
const MAX_BYTES = 1024 * 1024;

export interface RestoreResult {
  rows: number;
  header: BackupHeader;
}

/** Puts a backup of either engine in the place of what is there, all of it or nothing. */
export async function restore(dataSource: ProvostDataSource, settings: Settings, path: string, force: boolean): Promise<RestoreResult> {
  const header = await readHeader(path);
  await migrate(dataSource);
  await demandSameSchema(dataSource, header);
  if (!force) await demandNoAccounts(dataSource);
  demandMasterKeys(settings, header);
  addKeyFiles(settings, header);
  const rows = await sqlOf(dataSource, settings).transaction((tx) => replaceAll(dataSource, tx, path, header));
  makeBackupKeyCurrent(settings, header);
  return { rows, header };
}

async function demandSameSchema(dataSource: ProvostDataSource, header: BackupHeader): Promise<void> {
  const { applied } = await schemaState(dataSource);
  if (applied.join() === header.schema.join()) return;
  throw new CommandFailed(`The backup was made by Provost ${header.version}, which has another schema. Restore it with that version, then upgrade.`);
}

async function demandNoAccounts(dataSource: ProvostDataSource): Promise<void> {
  const [found]: unknown[] = await dataSource.query('SELECT id FROM principals LIMIT 1');
  if (found) throw new CommandFailed('This database already holds accounts. Say --force to replace everything in it.');
}

async function replaceAll(dataSource: ProvostDataSource, tx: SqlConnection, path: string, header: BackupHeader): Promise<number> {
  const embedded = dataSource.options.type === 'better-sqlite3';
  // Rows come in the order of the tables, not of their references; those are whole again at the end.
  await tx.execute(embedded ? 'PRAGMA defer_foreign_keys = ON' : 'SET FOREIGN_KEY_CHECKS = 0', []);
  try {
    for (const { tableName } of dataSource.entityMetadatas) await tx.execute(`DELETE FROM ${tableName}`, []);
    return await insertAll(dataSource, tx, readArchive(path), new Progress('Restoring', header.rows));
  } finally {
    if (!embedded) await tx.execute('SET FOREIGN_KEY_CHECKS = 1', []);
  }
}

async function insertAll(dataSource: ProvostDataSource, tx: SqlConnection, lines: AsyncIterable<BackupLine>, progress: Progress): Promise<number> {
  let batch: InsertBatch | undefined;
  let rows = 0;
  try {
    for await (const line of lines) {
      if (Array.isArray(line)) {
        await batch!.add(line);
        progress.add(1);
        rows += 1;
      } else {
        await batch?.flush();
        batch = batchFor(dataSource, tx, line);
      }
    }
    await batch?.flush();
  } finally {
    progress.end();
  }
  return rows;
}

function batchFor(dataSource: ProvostDataSource, tx: SqlConnection, { table, columns }: TableLine): InsertBatch {
  const entity = dataSource.entityMetadatas.find(({ tableName }) => tableName === table);
  const known = new Map(entity && columnsOf(dataSource, entity).map((column) => [column.name, column]));
  const wanted = columns.map((name) => known.get(name));
  if (!entity || wanted.includes(undefined)) throw new CommandFailed(`The backup has a table or column that this version does not know: ${table}.`);
  const names = columns.map((name) => dataSource.driver.escape(name)).join(', ');
  return new InsertBatch(tx, `INSERT INTO ${dataSource.driver.escape(table)} (${names}) VALUES`, wanted as BackupColumn[]);
}

/** Rows of one table, sent together up to a number and a size that every server takes. */
class InsertBatch {
  private values: SqlValue[] = [];
  private rows = 0;
  private bytes = 0;

  constructor(
    private readonly tx: SqlConnection,
    private readonly start: string,
    private readonly columns: BackupColumn[],
  ) {}

  async add(row: Exclude<BackupLine, TableLine>): Promise<void> {
    this.columns.forEach((column, index) => this.values.push(column.fromBackup(row[index]!)));
    this.rows += 1;
    this.bytes += row.reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 8), 0);
    if (this.rows >= MAX_ROWS || this.bytes >= MAX_BYTES || this.values.length + this.columns.length > MAX_VALUES) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.rows === 0) return;
    const row = `(${placeholders(this.columns.length)})`;
    await this.tx.execute(`${this.start} ${Array.from({ length: this.rows }, () => row).join(', ')}`, this.values);
    this.values = [];
    this.rows = 0;
    this.bytes = 0;
  }
}
