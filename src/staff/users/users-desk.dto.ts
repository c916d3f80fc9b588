import { IsIn, IsOptional, Length } from 'class-validator';
import { IsInstant } from '../../platform/http/instant.js';
import { IfGiven } from '../../platform/http/if-given.js';
import { CleanLines, CleanText } from '../../platform/http/text.js';
import type { SignInRecord } from '../../auth/sign-in-history.js';
import { BanScope, shownBan } from '../../users/bans.js';
import type { UserSnapshot } from '../../users/user-snapshot.js';
import type { NoteRecord } from '../notes/user-notes.service.js';
import { maskedAddress, maskedIp, maskedLogin } from '../masks.js';

export class DeskReasonDto {
  /** Why; it stays in the audit. @example 'Asked for by the user, ticket 4711' */
  @CleanText() @Length(3, 500)
  reason!: string;
}

export class DeskBanDto extends DeskReasonDto {
  /** When the ban ends by itself; without it, it does not. @example '2030-01-31T00:00:00Z' */
  @IsOptional() @IsInstant()
  until?: string;

  /** What the user is kept from: `sign-in` is the whole account, `api` the user's API keys, `messages` new message logs, whoever posts them. */
  @IfGiven() @IsIn(Object.values(BanScope))
  scope: BanScope = BanScope.SignIn;
}

export class DeskUnbanDto extends DeskReasonDto {
  /** The ban to end; without it all of them. */
  @IfGiven() @IsIn(Object.values(BanScope))
  scope?: BanScope;
}

export class WriteNoteDto {
  /** @example 'Called about the March invoice; promised an answer by Friday.' */
  @CleanLines() @Length(1, 2000)
  text!: string;
}

/** A ban in force. */
export class DeskUserBanDto {
  /** `sign-in` (the whole account), `api` or `messages`. */
  scope!: string;
  /** When it ends; null is never. */
  until!: string | null;
  reason!: string | null;
  at!: string | null;
}

/** A user as staff see them. */
export class DeskUserDto {
  id!: string;
  username!: string;
  /** To a viewer `a***@e***.org`. */
  email!: string;
  emailVerified!: boolean;
  name!: string | null;
  /** `active` or `banned`, as it counts at this moment. */
  status!: string;
  /** When the ban ends; null where there is none, or no end. */
  bannedUntil!: string | null;
  /** Every ban in force, also those from less than the account. */
  bans!: DeskUserBanDto[];
  timeZone!: string;
  createdAt!: string;
  updatedAt!: string;
  version!: number;

  static of({ id, username, email, emailVerified, name, status, bannedUntil, bans, timeZone, createdAt, updatedAt, version }: UserSnapshot, masked: boolean): DeskUserDto {
    return {
      id, username, emailVerified, name, status, timeZone, version,
      email: masked ? maskedAddress(email) : email,
      bannedUntil: bannedUntil === null ? null : new Date(bannedUntil).toISOString(),
      bans: bans.map(shownBan),
      createdAt: new Date(createdAt).toISOString(),
      updatedAt: new Date(updatedAt).toISOString(),
    };
  }
}

export class DeskUserListDto {
  data!: DeskUserDto[];
  nextCursor!: string | null;
  prevCursor!: string | null;
}

export class DeskSignInDto {
  id!: string;
  at!: string;
  /** As typed; to a viewer an address is `a***@e***.org`. */
  username!: string;
  /** To a viewer `203.0.x.x`. */
  ip!: string;
  userAgent!: string;
  ok!: boolean;
  /** `signed-in`, or why not. */
  reason!: string;

  static of({ id, at, username, ip, userAgent, ok, reason }: SignInRecord, masked: boolean): DeskSignInDto {
    return { id, at: new Date(at).toISOString(), username: masked ? maskedLogin(username) : username, ip: masked ? maskedIp(ip) : ip, userAgent, ok, reason };
  }
}

export class DeskSignInListDto {
  data!: DeskSignInDto[];
  nextCursor!: string | null;
  prevCursor!: string | null;
}

export class NoteDto {
  id!: string;
  userId!: string;
  authorId!: string;
  /** The staff member, as they were called then. */
  authorName!: string;
  text!: string;
  createdAt!: string;

  static of({ id, userId, authorId, authorName, text, createdAt }: NoteRecord): NoteDto {
    return { id, userId, authorId, authorName, text, createdAt: createdAt.toISOString() };
  }
}

export class NoteListDto {
  data!: NoteDto[];
  nextCursor!: string | null;
  prevCursor!: string | null;
}

export class DeskEndedSessionsDto {
  id!: string;
  /** How many sessions were ended. */
  ended!: number;
}
