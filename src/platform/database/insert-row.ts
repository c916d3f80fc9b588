import type { EntityManager } from 'typeorm';

type Class<T> = new () => T;

/**
 * Inserts new rows without looking for old ones first. TypeORM's `insert` takes the same, but its types refuse columns
 * that hold open JSON (`Record<string, unknown>`).
 */
export async function insertRow<T extends object>(db: EntityManager, entity: Class<T>, rows: T | T[]): Promise<void> {
  await db.insert(entity, rows);
}
