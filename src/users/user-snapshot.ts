import { millisOf, type Row } from '../platform/database/sql.js';
import type { User } from './user.entity.js';

/** A user's row as hot paths read it. Instants are milliseconds. */
export interface UserSnapshot {
  readonly id: string;
  readonly email: string;
  readonly username: string;
  readonly name: string | null;
  readonly status: string;
  readonly timeZone: string;
  readonly emailVerified: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly version: number;
}

const COLUMNS = 'id, email, username, name, status, time_zone, email_verified_at, created_at, updated_at, version';

/** Up to and including the column by which users are looked up. */
export function selectSnapshot(key: 'id' | 'email_key' | 'username_key'): string {
  return `SELECT ${key}, ${COLUMNS} FROM users WHERE ${key}`;
}

export function snapshotOfRow([, ...row]: Row): UserSnapshot {
  return {
    id: row[0] as string,
    email: row[1] as string,
    username: row[2] as string,
    name: row[3] as string | null,
    status: row[4] as string,
    timeZone: row[5] as string,
    emailVerified: row[6] !== null,
    createdAt: millisOf(row[7]),
    updatedAt: millisOf(row[8]),
    version: Number(row[9]),
  };
}

export function snapshotOf(user: User): UserSnapshot {
  const { id, email, username, name, status, timeZone, version } = user;
  return {
    id, email, username, name, status, timeZone, version,
    emailVerified: user.emailVerifiedAt !== null,
    createdAt: user.createdAt.getTime(),
    updatedAt: user.updatedAt.getTime(),
  };
}
