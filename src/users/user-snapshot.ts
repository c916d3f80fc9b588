import { millisOf, type Row } from '../platform/database/sql.js';
import { standingAt } from './user-record.js';
import type { User } from './user.entity.js';

/** A user's row as hot paths read it. Instants are milliseconds. */
export interface UserSnapshot {
  readonly id: string;
  readonly email: string;
  readonly username: string;
  readonly name: string | null;
  /** As it counts at the moment of reading. */
  readonly status: string;
  /** When a ban ends; null where there is none, or no end. */
  readonly bannedUntil: number | null;
  readonly timeZone: string;
  readonly emailVerified: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly version: number;
}

export const SNAPSHOT_COLUMNS = 'id, email, username, name, status, time_zone, email_verified_at, created_at, updated_at, version, banned_until';

/** Up to and including the column by which users are looked up. */
export function selectSnapshot(key: 'id' | 'email_key' | 'username_key'): string {
  return `SELECT ${key}, ${SNAPSHOT_COLUMNS} FROM users WHERE ${key}`;
}

export function snapshotOfRow([, ...row]: Row, now: number): UserSnapshot {
  const bannedUntil = row[10] === null ? null : millisOf(row[10]);
  return {
    id: row[0] as string,
    email: row[1] as string,
    username: row[2] as string,
    name: row[3] as string | null,
    status: standingAt(now, row[4] as string, bannedUntil),
    bannedUntil,
    timeZone: row[5] as string,
    emailVerified: row[6] !== null,
    createdAt: millisOf(row[7]),
    updatedAt: millisOf(row[8]),
    version: Number(row[9]),
  };
}

export function snapshotOf(user: User, now: number): UserSnapshot {
  const { id, email, username, name, timeZone, version } = user;
  const bannedUntil = user.bannedUntil?.getTime() ?? null;
  return {
    id, email, username, name, timeZone, version, bannedUntil,
    status: standingAt(now, user.status, bannedUntil),
    emailVerified: user.emailVerifiedAt !== null,
    createdAt: user.createdAt.getTime(),
    updatedAt: user.updatedAt.getTime(),
  };
}
