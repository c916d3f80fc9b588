import { createRequire } from 'node:module';
import { join } from 'node:path';
import { CommandFailed } from '../output.js';

interface Libsql {
  exec(statement: string): void;
  close(): void;
}

/** Two rotations at once could remove each other's keys. SQLite's lock on a file of its own goes with the process that holds it. */
export async function whileAlone(folder: string, work: () => Promise<void>): Promise<void> {
  const Database = createRequire(import.meta.url)('libsql') as new (path: string) => Libsql;
  const lock = new Database(join(folder, 'rotation.lock'));
  try {
    lock.exec('PRAGMA busy_timeout = 0');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { code?: string }).code === 'SQLITE_BUSY') throw new CommandFailed('A rotation of the master key is running already.');
    throw error;
  }
  try {
    await work();
  } finally {
    lock.exec('ROLLBACK');
    lock.close();
  }
}
