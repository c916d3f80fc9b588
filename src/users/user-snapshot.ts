import { millisOf, type Row } from '../platform/database/sql.js';
import { type Ban, bansAt, BanScope, type PartialBans } from './bans.js';
import { standingAt, UserStatus } from './user-record.js';
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
  /** Those in force at the moment of reading, that of the whole account among them. */
  readonly bans: readonly Ban[];
  readonly timeZone: string;
  readonly emailVerified: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly version: number;
}

export const SNAPSHOT_COLUMNS = 'id, email, username, name, status, time_zone, email_verified_at, created_at, updated_at, version, banned_until, ban_reason, banned_at, partial_bans';

/** Up to and including the column by which users are looked up. */
export function selectSnapshot(key: 'id' | 'email_key' | 'username_key'): string {
  return `SELECT ${key}, ${SNAPSHOT_COLUMNS} FROM users WHERE ${key}`;
}

export function snapshotOfRow([, ...row]: Row, now: number): UserSnapshot {
  const bannedUntil = instant(row[10]);
  const partial = row[13] === null ? null : (JSON.parse(row[13] as string) as PartialBans);
  return {
    id: row[0] as string,
    email: row[1] as string,
    username: row[2] as string,
    name: row[3] as string | null,
    status: standingAt(now, row[4] as string, bannedUntil),
    bannedUntil,
    bans: bansAt(now, wholeBan(row[4] as string, bannedUntil, row[11] as string | null, instant(row[12])), partial),
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
    bans: bansAt(now, wholeBan(user.status, bannedUntil, user.banReason, user.bannedAt?.getTime() ?? null), user.partialBans),
    emailVerified: user.emailVerifiedAt !== null,
    createdAt: user.createdAt.getTime(),
    updatedAt: user.updatedAt.getTime(),
  };
}

function wholeBan(status: string, until: number | null, reason: string | null, at: number | null): Ban | undefined {
  return status === BANNED ? { scope: BanScope.SignIn, until, reason, at } : undefined;
}

const BANNED: string = UserStatus.Banned;

function instant(value: unknown): number | null {
  return value === null ? null : millisOf(value);
}
