import { EntityManager } from 'typeorm';
import type { SqlConnection } from './sql.js';

type Work = () => void | Promise<void>;

const waiting = new WeakMap<object, Work[]>();

/** Has the work done once this transaction is committed, before whoever began it goes on; never if it is rolled back. */
export function afterCommit(tx: EntityManager | SqlConnection, work: Work): void {
  const transaction = tx instanceof EntityManager ? tx.queryRunner : tx;
  if (!transaction) throw new Error('What is to happen after a commit needs a transaction: use its own manager (tx).');
  waiting.set(transaction, [...(waiting.get(transaction) ?? []), work]);
}

/** For those who carry transactions out: it is committed. */
export async function committed(transaction: object): Promise<void> {
  for (const work of waiting.get(transaction) ?? []) await work();
}
