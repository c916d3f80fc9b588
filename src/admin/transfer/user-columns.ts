import type { Holding } from '../../usage/holdings.js';
import { standingAt, type UserRecord, UserStatus } from '../../users/user-record.js';

/** What an export writes of a user, in this order; an import reads all of it but the id. */
export interface ExportedUser {
  readonly id: string;
  readonly email: string;
  readonly username: string;
  readonly name: string | null;
  readonly emailVerified: boolean;
  readonly status: string;
  readonly bannedUntil: string | null;
  readonly banReason: string | null;
  /** By name; null is the default plan, whichever that is. */
  readonly plan: string | null;
  /** Those that do not end with the month. */
  readonly credits: number;
  readonly timeZone: string;
  readonly language: string;
  readonly createdAt: string;
}

export const EXPORTED: readonly (keyof ExportedUser)[] = ['id', 'email', 'username', 'name', 'emailVerified', 'status', 'bannedUntil', 'banReason', 'plan', 'credits', 'timeZone', 'language', 'createdAt'];
/** What an import reads: that, and what an export never tells. */
export const COLUMNS: readonly string[] = [...EXPORTED, 'password', 'passwordHash'];
export const REQUIRED: readonly string[] = ['email', 'username'];

export function exported(user: UserRecord, holding: Holding | undefined, now: number): ExportedUser {
  const status = standingAt(now, user.status, user.bannedUntil?.getTime() ?? null);
  const isBanned = status !== (UserStatus.Active as string);
  return {
    id: user.id,
    email: user.email,
    username: user.username,
    name: user.name,
    emailVerified: user.emailVerifiedAt !== null,
    status,
    bannedUntil: isBanned ? (user.bannedUntil?.toISOString() ?? null) : null,
    banReason: isBanned ? user.banReason : null,
    plan: holding?.plan ?? null,
    credits: holding?.credits ?? 0,
    timeZone: user.timeZone,
    language: user.preferences.language,
    createdAt: user.createdAt.toISOString(),
  };
}

export function cellsOf(user: ExportedUser): string[] {
  return EXPORTED.map((column) => (user[column] === null ? '' : String(user[column])));
}
