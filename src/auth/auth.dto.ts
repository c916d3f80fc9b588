import { IsBoolean, IsOptional, IsString, Length, MaxLength } from 'class-validator';
import { PrincipalKind } from '../access/permission.js';
import { CleanText } from '../platform/http/text.js';
import { IsAddress } from '../users/address.js';
import { IsUsername } from '../users/username.js';
import type { Account } from './accounts.js';
import type { Session } from './sessions/session.entity.js';

/** Longer ones are refused with their own answer before they are hashed; this bounds what is read at all. */
export const PASSWORD_LIMIT = 1_000_000;

export class RegisterDto {
  /** @example 'ada@example.org' */
  @CleanText() @Length(3, 254) @IsAddress()
  email!: string;

  /** 3 to 64 letters, digits, dots, dashes or underscores. @example 'ada' */
  @CleanText() @IsUsername()
  username!: string;

  /** Taken exactly as sent; by default at least 12 characters. @example 'correct horse battery staple' */
  @IsString() @MaxLength(PASSWORD_LIMIT)
  password!: string;

  /** What the user is called. @example 'Ada Lovelace' */
  @IsOptional() @CleanText() @Length(1, 120)
  name?: string;
}

export class LoginDto {
  /** Username or e-mail address; `username` or `email` are taken as well. @example 'ada' */
  @IsOptional() @IsString() @Length(1, 254)
  login?: string;

  /** In place of `login`. */
  @IsOptional() @IsString() @Length(1, 254)
  username?: string;

  /** In place of `login`. */
  @IsOptional() @IsString() @Length(1, 254)
  email?: string;

  /** @example 'correct horse battery staple' */
  @IsString() @MaxLength(PASSWORD_LIMIT)
  password!: string;

  /** What an earlier sign-in of this account with this device answered: failures elsewhere do not lock it out. */
  @IsOptional() @IsString() @Length(1, 128)
  deviceToken?: string;

  /** For pages: the refresh token goes into a cookie that no script can read, and the answer carries a csrfToken instead. */
  @IsOptional() @IsBoolean()
  cookie?: boolean;
}

export class RefreshDto {
  /** The newest refresh token of the session; without it that of the cookie. */
  @IsOptional() @IsString() @Length(1, 256)
  refreshToken?: string;
}

export class LogoutDto {
  /** The session's refresh token; without it the access token in the Authorization header says which session, or else the cookie. */
  @IsOptional() @IsString() @Length(1, 256)
  refreshToken?: string;
}

export class ChangePasswordDto {
  @IsString() @MaxLength(PASSWORD_LIMIT)
  currentPassword!: string;

  /** Taken exactly as sent; by default at least 12 characters. */
  @IsString() @MaxLength(PASSWORD_LIMIT)
  newPassword!: string;

  /** For pages: the refresh token goes into a cookie that no script can read, and the answer carries a csrfToken instead. */
  @IsOptional() @IsBoolean()
  cookie?: boolean;
}

/** Whoever signed in. */
export class AccountDto {
  id!: string;
  /** `user`, `staff` or `admin`. */
  kind!: string;
  username!: string;
  email!: string | null;
  name!: string | null;
  /** @example 'active' */
  status!: string;
  emailVerified!: boolean;
  /** @example 'Europe/Berlin' */
  timeZone!: string;
  createdAt!: string;
  updatedAt!: string;
  version!: number;

  static of(account: Account): AccountDto {
    const { id, kind, username, email, name, status, emailVerified, timeZone, version } = account;
    return {
      id, kind, username, email, name, status, emailVerified, timeZone, version,
      createdAt: new Date(account.createdAt).toISOString(),
      updatedAt: new Date(account.updatedAt).toISOString(),
    };
  }
}

export class RegisteredDto {
  user!: AccountDto;
}

export class SignedInDto {
  /** Goes into the Authorization header of requests. */
  accessToken!: string;
  /** @example 'Bearer' */
  tokenType!: string;
  /** Life of the access token in seconds. @example 900 */
  expiresIn!: number;
  /** Good for one refresh; the answer brings the next. Absent where it lies in the cookie. */
  refreshToken?: string;
  /** Goes into the X-CSRF-Token header of requests that use the cookie; the same as long as the session lives. */
  csrfToken?: string;
  user!: AccountDto;
  /** Keep it on this device and send it with the next sign-in, which is then one from a known device. */
  deviceToken?: string;
  /** What must be done before anything else: `password-change` or `mfa-enrolment`. */
  pending?: string;
  /** Nothing else can be done until the password was changed. */
  mustChangePassword?: boolean;
}

export class CsrfTokenDto {
  /** Goes into the X-CSRF-Token header of requests that use the cookie. */
  csrfToken!: string;
}

export class SessionDto {
  id!: string;
  /** Whether it is the session that asks. */
  current!: boolean;
  /** The browser or program, in its own words. */
  device!: string;
  ip!: string;
  createdAt!: string;
  lastUsedAt!: string;
  /** When it ends unless it is refreshed before. */
  expiresAt!: string;
  /** `admin` where an administrator looks at the account, and can change nothing; null where it is one's own. */
  impersonatedBy!: string | null;

  static of(session: Session, currentId: string | undefined): SessionDto {
    const expiresAt = session.idleUntil < session.expiresAt ? session.idleUntil : session.expiresAt;
    return {
      id: session.id,
      current: session.id === currentId,
      device: session.impersonatorId === null ? session.userAgent : 'An administrator',
      ip: session.ip,
      createdAt: session.createdAt.toISOString(),
      lastUsedAt: session.lastUsedAt.toISOString(),
      expiresAt: expiresAt.toISOString(),
      impersonatedBy: session.impersonatorId === null ? null : PrincipalKind.Admin,
    };
  }
}

export class SessionListDto {
  data!: SessionDto[];
  nextCursor!: string | null;
  prevCursor!: string | null;
}

export class CurrentSessionDto {
  id!: string | null;
}

export class MeDto {
  user!: AccountDto;
  session!: CurrentSessionDto;
  permissions!: string[];
  /** Of a staff member: 1 viewer, 2 agent, 3 lead. */
  level?: number;
  /** `admin` where an administrator sees what the user sees, and can change nothing. */
  impersonatedBy?: string;
}

export class EndedSessionDto {
  id!: string;
}

export class EndedSessionsDto {
  /** How many sessions were ended. */
  ended!: number;
}

/** An address that a mail server could take: one `@`, a domain with a dot, no spaces or control characters. */
