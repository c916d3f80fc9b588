import type { EntityManager } from 'typeorm';
import { isDuplicate } from '../platform/database/failures.js';
import { DeletedUser } from './deleted-user.entity.js';
import type { User } from './user.entity.js';
import { NameTaken } from './users.problems.js';

/** Writes a user's names; whoever holds one of them already is told of as such. */
export async function namingConflicts<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    // Both engines end their message with the index or column that refused the row.
    throw new NameTaken(/email_key'?$/.test((error as Error).message) ? 'email' : 'username');
  }
}

/** The names of deleted users are theirs until they are erased. Looked at after the names were written: see DeletedUser. */
export async function demandUnreserved(tx: EntityManager, { emailKey, usernameKey }: User): Promise<void> {
  if (await tx.existsBy(DeletedUser, { usernameKey })) throw new NameTaken('username');
  if (await tx.existsBy(DeletedUser, { emailKey })) throw new NameTaken('email');
}
