import type { EntityManager, FindOneOptions } from 'typeorm';

/** Holds the rows a transaction reads until it ends. The embedded engine runs one transaction at a time and needs none. */
export function rowLock(tx: EntityManager): FindOneOptions['lock'] {
  return tx.dataSource.options.type === 'better-sqlite3' ? undefined : { mode: 'pessimistic_write' };
}
