import { comparable } from '../platform/http/text.js';
import type { Condition, Listing } from '../platform/lists/listing.js';
import { DeletedUser } from './deleted-user.entity.js';
import { UserStatus } from './user-record.js';
import { User } from './user.entity.js';

export const USERS_LIST: Listing<User> = {
  resource: 'users',
  entity: User,
  sorts: {
    createdAt: { kind: 'instant' },
    username: { kind: 'text', property: 'usernameKey' },
    email: { kind: 'text', property: 'emailKey' },
  },
  defaultSort: '-createdAt',
  filters: {
    status: { kind: 'decided', words: Object.values(UserStatus), where: standing },
    createdAt: { kind: 'instant' },
    username: { kind: 'text', property: 'usernameKey', fold: comparable },
    email: { kind: 'text', property: 'emailKey', fold: comparable },
  },
  search: { properties: ['usernameKey', 'emailKey'], fold: comparable },
};

export const DELETED_USERS_LIST: Listing<DeletedUser> = {
  resource: 'deleted-users',
  entity: DeletedUser,
  sorts: {
    deletedAt: { kind: 'instant' },
    purgeAfter: { kind: 'instant' },
    username: { kind: 'text', property: 'usernameKey' },
    email: { kind: 'text', property: 'emailKey' },
  },
  defaultSort: '-deletedAt',
  filters: {
    deletedAt: { kind: 'instant' },
    purgeAfter: { kind: 'instant' },
    deletedByKind: { kind: 'text' },
    deletedById: { kind: 'text' },
    username: { kind: 'text', property: 'usernameKey', fold: comparable },
    email: { kind: 'text', property: 'emailKey', fold: comparable },
  },
  search: { properties: ['usernameKey', 'emailKey'], fold: comparable },
};

/** As it counts at this moment, like `standingAt`: a ban that has run out is none. */
function standing(status: string, now: Date): Condition {
  const banned: string = UserStatus.Banned;
  if (status === banned) return { sql: 'status = ? AND (banned_until IS NULL OR banned_until > ?)', values: [banned, now] };
  return { sql: 'status = ? OR (status = ? AND banned_until <= ?)', values: [status, banned, now] };
}
