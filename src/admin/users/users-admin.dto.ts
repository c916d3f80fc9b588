import { IsBoolean, IsIn, IsOptional, IsString, Length, MaxLength } from 'class-validator';
import { IsInstant } from '../../platform/http/instant.js';
import { IfGiven } from '../../platform/http/if-given.js';
import { CleanText } from '../../platform/http/text.js';
import { IsAddress } from '../../users/address.js';
import { BanScope, shownBan } from '../../users/bans.js';
import type { DeletedRecord } from '../../users/deleted-users.service.js';
import { IsTimeZone } from '../../users/time-zone.js';
import { UserStatus } from '../../users/user-record.js';
import type { UserSnapshot } from '../../users/user-snapshot.js';
import { IsUsername } from '../../users/username.js';

export class ReasonDto {
  /** Why; it stays in the audit. @example 'Asked for by the user, ticket 4711' */
  @CleanText() @Length(3, 500)
  reason!: string;
}

export class DeleteUserDto {
  /** Why; panels send it as the header X-Reason, or not at all. It stays in the audit. @example 'Asked for by the user, ticket 4711' */
  @IsOptional() @CleanText() @Length(3, 500)
  reason?: string | null;
}

export class BanDto extends ReasonDto {
  /** When the ban ends by itself; without it, it does not. @example '2030-01-31T00:00:00Z' */
  @IsOptional() @IsInstant()
  until?: string;

  /** What the user is kept from: `sign-in` is the whole account, `api` the user's API keys, `messages` new message logs, whoever posts them. */
  @IfGiven() @IsIn(Object.values(BanScope))
  scope: BanScope = BanScope.SignIn;
}

export class UnbanDto extends ReasonDto {
  /** The ban to end; without it all of them. */
  @IfGiven() @IsIn(Object.values(BanScope))
  scope?: BanScope;
}

export class EraseDto extends ReasonDto {
  /** The username, so that nobody is erased by a slip. */
  @IsString() @Length(1, 64)
  confirm!: string;
}

export class CreateUserDto {
  /** @example 'ada@example.org' */
  @CleanText() @Length(3, 254) @IsAddress()
  email!: string;

  /** 3 to 64 letters, digits, dots, dashes or underscores. @example 'ada' */
  @CleanText() @IsUsername()
  username!: string;

  /** What the user is called. @example 'Ada Lovelace' */
  @IsOptional() @CleanText() @Length(1, 120)
  name?: string;

  /** Without one, and without `passwordHash`, nobody can sign in until one was set by a link. */
  @IsOptional() @IsString() @MaxLength(1_000_000)
  password?: string;

  /** A bcrypt or argon2 hash that another system made, in place of a password. */
  @IsOptional() @IsString() @Length(1, 255)
  passwordHash?: string;

  @IsOptional() @IsIn(Object.values(UserStatus))
  status?: UserStatus;
}

export class UpdateUserDto {
  /** Bans have routes of their own, because they need a reason: a status that is sent along changes nothing. */
  static readonly readOnly = ['id', 'status', 'bannedUntil', 'bans', 'createdAt', 'updatedAt', 'version'];

  /** A new address is unconfirmed: a mail goes there to confirm it, and a notice to the old one. @example 'ada@example.org' */
  @IfGiven() @CleanText() @Length(3, 254) @IsAddress()
  email?: string;

  /** 3 to 64 letters, digits, dots, dashes or underscores. @example 'ada' */
  @IfGiven() @CleanText() @IsUsername()
  username?: string;

  /** What the user is called. @example 'Ada Lovelace' */
  @IsOptional() @CleanText() @Length(1, 120)
  name?: string | null;

  /** IANA time zone in which the user's days begin. @example 'Europe/Berlin' */
  @IfGiven() @IsTimeZone()
  timeZone?: string;

  /** Whether the address counts as confirmed; does nothing in a request that changes the address. */
  @IfGiven() @IsBoolean()
  emailVerified?: boolean;
}

/** A ban in force. */
export class UserBanDto {
  /** `sign-in` (the whole account), `api` or `messages`. */
  scope!: string;
  /** When it ends; null is never. */
  until!: string | null;
  reason!: string | null;
  at!: string | null;
}

/** A user as administrators see them. */
export class AdminUserDto {
  id!: string;
  email!: string;
  username!: string;
  name!: string | null;
  emailVerified!: boolean;
  /** `active` or `banned`, as it counts at this moment. */
  status!: string;
  /** When the ban ends; null where there is none, or no end. */
  bannedUntil!: string | null;
  /** Every ban in force, also those from less than the account. */
  bans!: UserBanDto[];
  timeZone!: string;
  createdAt!: string;
  updatedAt!: string;
  version!: number;

  static of(user: UserSnapshot): AdminUserDto {
    return {
      id: user.id,
      email: user.email,
      username: user.username,
      name: user.name,
      emailVerified: user.emailVerified,
      status: user.status,
      bannedUntil: user.bannedUntil === null ? null : new Date(user.bannedUntil).toISOString(),
      bans: user.bans.map(shownBan),
      timeZone: user.timeZone,
      createdAt: new Date(user.createdAt).toISOString(),
      updatedAt: new Date(user.updatedAt).toISOString(),
      version: user.version,
    };
  }
}

/** A deleted user, who can be restored until they are erased. */
export class DeletedUserDto {
  id!: string;
  email!: string;
  username!: string;
  name!: string | null;
  deletedAt!: string;
  /** `user`, `admin`, or `system` for the command line. */
  deletedByKind!: string;
  deletedById!: string | null;
  reason!: string | null;
  /** From then on the user is erased for good. */
  purgeAfter!: string;
  /** Whether there is still a way back. */
  restorable!: boolean;

  static of(user: DeletedRecord): DeletedUserDto {
    return {
      id: user.id,
      email: user.email,
      username: user.username,
      name: user.name,
      deletedAt: user.deletedAt.toISOString(),
      deletedByKind: user.deletedByKind,
      deletedById: user.deletedById,
      reason: user.deleteReason,
      purgeAfter: user.purgeAfter.toISOString(),
      restorable: user.erasingAt === null,
    };
  }
}

export class EndedUserSessionsDto {
  id!: string;
  /** How many sessions were ended. */
  ended!: number;
}

export class ErasedUserDto {
  id!: string;
  /** How many rows of which table are gone. */
  rows!: Record<string, number>;
}
