import type { DataSource } from 'typeorm';
import { MigrationExecutor } from 'typeorm/migration/MigrationExecutor.js';

export interface SchemaState {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
}

/** Which migrations the database has, without time stamps: those differ between the engines. */
export async function schemaState(dataSource: DataSource): Promise<SchemaState> {
  const executor = new MigrationExecutor(dataSource);
  const [applied, pending] = [await executor.getExecutedMigrations(), await executor.getPendingMigrations()];
  return { applied: applied.map(({ name }) => plain(name)).reverse(), pending: pending.map(({ name }) => plain(name)) };
}

function plain(name: string): string {
  return name.replace(/\d{13}$/, '');
}
