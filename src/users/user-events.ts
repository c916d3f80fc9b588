import type { NewEvent } from '../webhooks/event-types.js';
import type { UserRecord } from './user-record.js';

/** @param changed the fields that are not as they were */
export function userUpdated({ id, username }: Pick<UserRecord, 'id' | 'username'>, changed: string[]): NewEvent {
  return { type: 'user.updated', userId: id, data: { id, username, changed } };
}
