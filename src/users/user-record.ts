import { Column, VersionColumn } from 'typeorm';
import { InstantColumn, JsonColumn, RefColumn, WordColumn } from '../platform/database/columns.js';
import { comparable } from '../platform/http/text.js';
import { BanScope, type BanTerms, type PartialBans } from './bans.js';
import { DEFAULT_PREFERENCES, type Preferences } from './preferences.js';
import { Principal } from './principal.entity.js';

export enum UserStatus {
  Active = 'active',
  Banned = 'banned',
}

/** What is known of a user. Apart from the tables, because a deleted user's whole row lies in one of its own. */
export abstract class UserRecord {
  @RefColumn(() => Principal, { primary: true })
  id!: string;

  @Column('varchar', { length: 254 })
  email!: string;

  /** The e-mail address as it is compared: no two users have the same. */
  @Column('varchar', { length: 254 })
  emailKey!: string;

  @Column('varchar', { length: 64 })
  username!: string;

  @Column('varchar', { length: 64 })
  usernameKey!: string;

  @Column('varchar', { length: 120, nullable: true })
  name: string | null = null;

  /** As written; what counts at a moment `standingAt` tells. */
  @WordColumn()
  status: UserStatus = UserStatus.Active;

  /** When the ban of the whole account ends by itself; null is never. */
  @InstantColumn({ nullable: true })
  bannedUntil: Date | null = null;

  @Column('varchar', { length: 500, nullable: true })
  banReason: string | null = null;

  @InstantColumn({ nullable: true })
  bannedAt: Date | null = null;

  /** From less than the account. Those that have run out stay until something else is written. */
  @JsonColumn({ nullable: true })
  partialBans: PartialBans | null = null;

  /** IANA name; the user's days begin at midnight there. */
  @Column('varchar', { length: 64 })
  timeZone: string = 'UTC';

  @JsonColumn()
  preferences: Preferences = { ...DEFAULT_PREFERENCES };

  @InstantColumn({ nullable: true })
  emailVerifiedAt: Date | null = null;

  @InstantColumn()
  createdAt!: Date;

  @InstantColumn()
  updatedAt!: Date;

  @VersionColumn()
  version!: number;

  rename(username: string): void {
    this.username = username;
    this.usernameKey = comparable(username);
  }

  moveTo(email: string): void {
    this.email = email;
    this.emailKey = comparable(email);
  }

  ban({ scope, until, reason }: BanTerms, now: Date): void {
    if (scope === BanScope.SignIn) this.banWhole(UserStatus.Banned, until, reason, now);
    else this.partialBans = { ...this.partialBans, [scope]: { until: until?.getTime() ?? null, reason, at: now.getTime() } };
  }

  /** @param scope without it all */
  unban(scope?: BanScope): void {
    if (scope === undefined || scope === BanScope.SignIn) this.banWhole(UserStatus.Active, null, null, null);
    if (scope === BanScope.SignIn || !this.partialBans) return;
    const { [scope!]: _, ...others } = this.partialBans;
    this.partialBans = scope === undefined || Object.keys(others).length === 0 ? null : others;
  }

  private banWhole(status: UserStatus, until: Date | null, reason: string | null, at: Date | null): void {
    this.status = status;
    this.bannedUntil = until;
    this.banReason = reason;
    this.bannedAt = at;
  }
}

const BANNED: string = UserStatus.Banned;

/** A ban that has run out is none, and no job has to lift it. Instants are milliseconds. */
export function standingAt(now: number, status: string, bannedUntil: number | null): string {
  return status === BANNED && bannedUntil !== null && bannedUntil <= now ? UserStatus.Active : status;
}
