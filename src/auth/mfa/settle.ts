import type { EntityManager } from 'typeorm';
import { Problem } from '../../platform/problems/problem.js';

/** A transaction that may end in a refusal: what it counted and noted is committed, then the refusal is thrown. */
export async function settle<T extends object | void>(db: EntityManager, work: (tx: EntityManager) => Promise<T | Problem>): Promise<T> {
  const result = await db.transaction(work);
  if (result instanceof Problem) throw result;
  return result;
}
