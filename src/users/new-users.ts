import type { EntityManager } from 'typeorm';
import { PrincipalKind } from '../access/permission.js';
import { EntityTransaction } from '../platform/database/entity-transaction.js';
import { insertRows } from '../platform/database/insert-rows.js';
import { padded, placeholders, type SqlConnection, type SqlValue } from '../platform/database/sql.js';
import { comparable } from '../platform/http/text.js';
import { newId } from '../platform/ids/ids.js';
import { BanScope } from './bans.js';
import { namingConflicts } from './naming.js';
import { DEFAULT_PREFERENCES } from './preferences.js';
import { User } from './user.entity.js';
import { NameTaken } from './users.problems.js';

export interface NewUser {
  readonly email: string;
  readonly username: string;
  readonly name?: string | null | undefined;
  readonly emailVerified?: boolean | undefined;
  readonly timeZone?: string | undefined;
  readonly language?: string | undefined;
  /** When they came to another system; now, where it is not said. */
  readonly createdAt?: Date | undefined;
  readonly ban?: { readonly until: Date | null; readonly reason: string } | undefined;
}

type Names = Pick<NewUser, 'email' | 'username'>;
type NameField = 'username' | 'email';

export function newUser(now: Date, { email, username, name, emailVerified, timeZone, language, createdAt, ban }: NewUser): User {
  const user = Object.assign(new User(), { id: newId(), name: name ?? null, createdAt: createdAt ?? now, updatedAt: now, version: 1 });
  user.moveTo(email);
  user.rename(username);
  if (emailVerified) user.emailVerifiedAt = now;
  if (timeZone !== undefined) user.timeZone = timeZone;
  if (language !== undefined) user.preferences = { ...DEFAULT_PREFERENCES, language };
  if (ban) user.ban({ scope: BanScope.SignIn, ...ban }, now);
  return user;
}

/** All of them or, when a name is somebody's, none: which one the engines do not say where there are several. */
export async function insertUsers(tx: EntityManager, users: readonly User[]): Promise<void> {
  const connection = new EntityTransaction(tx);
  await insertRows(connection, 'principals', ['id', 'kind', 'created_at'], users.map(({ id, createdAt }) => [id, PrincipalKind.User, createdAt]));
  await namingConflicts(() => insertRows(connection, 'users', COLUMNS, users.map(valuesOf)));
  // The names of deleted users are theirs until they are erased. Looked at after the names were written: see DeletedUser.
  const reserved = await takenIn(connection, 'deleted_users', users);
  const field = [...reserved.values()][0];
  if (field) throw new NameTaken(field);
}

/** Which of these names are somebody's, also a deleted user's, and which of the two it is; by their place in the list. */
export async function takenNames(connection: SqlConnection, names: readonly Names[]): Promise<Map<number, NameField>> {
  return new Map([...(await takenIn(connection, 'deleted_users', names)), ...(await takenIn(connection, 'users', names))]);
}

async function takenIn(connection: SqlConnection, table: 'users' | 'deleted_users', names: readonly Names[]): Promise<Map<number, NameField>> {
  const taken = new Map<number, NameField>();
  for (const field of ['email', 'username'] as const) {
    const keys = names.map((each) => comparable(each[field]));
    const known = await existing(connection, table, `${field}_key`, keys);
    keys.forEach((key, place) => known.has(key) && taken.set(place, field));
  }
  return taken;
}

async function existing(connection: SqlConnection, table: string, column: string, keys: readonly string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const asked = padded(keys);
  const { rows } = await connection.execute(`SELECT ${column} FROM ${table} WHERE ${column} IN (${placeholders(asked.length)})`, asked);
  return new Set(rows.map(([key]) => key as string));
}

const COLUMNS = [
  'id', 'email', 'email_key', 'username', 'username_key', 'name', 'status', 'banned_until', 'ban_reason', 'banned_at', 'time_zone', 'preferences', 'email_verified_at',
  'created_at', 'updated_at', 'version',
];

function valuesOf(user: User): SqlValue[] {
  const { id, email, emailKey, username, usernameKey, name, status, bannedUntil, banReason, bannedAt, timeZone, preferences, emailVerifiedAt, createdAt, updatedAt, version } = user;
  return [id, email, emailKey, username, usernameKey, name, status, bannedUntil, banReason, bannedAt, timeZone, JSON.stringify(preferences), emailVerifiedAt, createdAt, updatedAt, version];
}
