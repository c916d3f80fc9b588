import { existsSync } from 'node:fs';
import type { Clock } from '../../platform/clock/clock.js';
import type { Settings } from '../../platform/config/settings.js';
import { engineOf } from '../../platform/database/engine.js';
import type { ProvostDataSource } from '../../platform/database/provost-data-source.js';
import { VERSION } from '../../version.js';
import { CommandFailed, Progress } from '../output.js';
import { type BackupLine, writeArchive } from './archive.js';
import { columnsOf } from './columns.js';
import { joined, knownKeys } from './keys.js';
import { schemaState } from './schema-state.js';
import { type Snapshot, takeSnapshot } from './snapshot.js';

export interface BackupResult {
  rows: number;
  tables: number;
  /** Names of the key files inside. */
  keys: string[];
}

/** Writes everything that is in the database, as it is at this moment, and the keys into one file. */
export async function backUp(dataSource: ProvostDataSource, settings: Settings, clock: Clock, path: string, force: boolean): Promise<BackupResult> {
  if (existsSync(path) && !force) throw new CommandFailed(`${path} exists; choose another name, or say --force to replace it.`);
  const { applied, pending } = await schemaState(dataSource);
  if (pending.length > 0) throw new CommandFailed(`The schema lacks ${pending.join(', ')}; run "provost db migrate" first.`);
  const before = knownKeys(settings);
  const snapshot = await takeSnapshot(dataSource);
  try {
    const rows = await countRows(dataSource, snapshot);
    const progress = new Progress('Backing up', rows);
    const keys = joined(before, knownKeys(settings));
    const header = { version: VERSION, createdAt: clock.now().toISOString(), engine: engineOf(settings), schema: applied, rows, ...keys };
    await writeArchive(path, header, linesOf(dataSource, snapshot, progress)).finally(() => progress.end());
    return { rows, tables: dataSource.entityMetadatas.length, keys: Object.keys(keys.keys) };
  } finally {
    await snapshot.end();
  }
}

async function countRows(dataSource: ProvostDataSource, snapshot: Snapshot): Promise<number> {
  let total = 0;
  for (const { tableName } of dataSource.entityMetadatas) {
    for await (const [count] of snapshot.rows(`SELECT COUNT(*) FROM ${tableName}`)) total += Number(count);
  }
  return total;
}

async function* linesOf(dataSource: ProvostDataSource, snapshot: Snapshot, progress: Progress): AsyncGenerator<BackupLine> {
  const quoted = (name: string): string => dataSource.driver.escape(name);
  for (const entity of dataSource.entityMetadatas) {
    const columns = columnsOf(dataSource, entity);
    yield { table: entity.tableName, columns: columns.map(({ name }) => name) };
    for await (const row of snapshot.rows(`SELECT ${columns.map(({ name }) => quoted(name)).join(', ')} FROM ${quoted(entity.tableName)}`)) {
      yield columns.map((column, index) => column.toBackup(row[index]));
      progress.add(1);
    }
  }
}
