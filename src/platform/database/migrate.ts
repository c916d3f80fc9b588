import type { DataSource, QueryRunner } from 'typeorm';
import type { ProvostDataSource } from './provost-data-source.js';

const LOCK = 'provost.migrations';
const LOCK_WAIT_SECONDS = 120;

/** Applies what is pending; of several processes that start at once, one does it and the others wait for it. */
export async function migrate(dataSource: ProvostDataSource): Promise<string[]> {
  const applied = await locked(dataSource, () => dataSource.runMigrations({ transaction: 'each' }));
  return applied.map((migration) => migration.name);
}

/** Takes back the newest applied migration. */
export async function rollback(dataSource: ProvostDataSource): Promise<void> {
  await locked(dataSource, () => dataSource.undoLastMigration({ transaction: 'each' }));
}

async function locked<T>(dataSource: ProvostDataSource, work: () => Promise<T>): Promise<T> {
  // The embedded engine has one process and SQLite's own lock on the file.
  if (dataSource.options.type === 'better-sqlite3') return work();
  const runner = dataSource.createQueryRunner();
  try {
    await obtain(runner);
    return await work();
  } finally {
    await runner.query('SELECT RELEASE_LOCK(?)', [lockName(dataSource)]).catch(() => undefined);
    await runner.release();
  }
}

async function obtain(runner: QueryRunner): Promise<void> {
  const name = lockName(runner.dataSource);
  const [row] = (await runner.query('SELECT GET_LOCK(?, ?) AS obtained', [name, LOCK_WAIT_SECONDS])) as { obtained: unknown }[];
  if (Number(row?.obtained) !== 1) throw new Error(`Another process has been migrating for more than ${LOCK_WAIT_SECONDS} s.`);
}

/** Named locks are server-wide: the database's name keeps two installations on one server apart. */
function lockName(dataSource: DataSource): string {
  return `${LOCK}.${dataSource.driver.database ?? ''}`.slice(0, 64);
}
