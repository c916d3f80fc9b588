import { EntityManager } from 'typeorm';
import type { SqlConnection } from './sql.js';

type Work = () => void | Promise<void>;

const before = new WeakMap<object, Work[]>();
const after = new WeakMap<object, Work[]>();

/** Has the work done as the last of this transaction, so that what it locks is held for the commit alone. */
export function beforeCommit(tx: EntityManager | SqlConnection, work: Work): void {
  add(before, tx, work);
}

/** Has the work done once this transaction is committed, before whoever began it goes on; never if it is rolled back. */
export function afterCommit(tx: EntityManager | SqlConnection, work: Work): void {
  add(after, tx, work);
}

/** For those who carry transactions out: everything is done, and the commit is next. */
export async function aboutToCommit(transaction: object): Promise<void> {
  for (const work of before.get(transaction) ?? []) await work();
}

/** For those who carry transactions out: it is committed. */
export async function committed(transaction: object): Promise<void> {
  for (const work of after.get(transaction) ?? []) await work();
}

function add(waiting: WeakMap<object, Work[]>, tx: EntityManager | SqlConnection, work: Work): void {
  const transaction = tx instanceof EntityManager ? tx.queryRunner : tx;
  if (!transaction) throw new Error('What is to happen at a commit needs a transaction: use its own manager (tx).');
  waiting.set(transaction, [...(waiting.get(transaction) ?? []), work]);
}
