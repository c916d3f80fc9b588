import { IsIn, IsObject, IsOptional, Length, Matches, ValidateBy } from 'class-validator';
import { CleanText } from '../platform/http/text.js';
import { IsTimeZone } from './time-zone.js';
import type { UserSnapshot } from './user-snapshot.js';
import { IsUsername } from './username.js';

/** A user's profile as the user sees it. */
export class UserDto {
  id!: string;
  email!: string;
  username!: string;
  name!: string | null;
  /** Whether the e-mail address was confirmed. */
  emailVerified!: boolean;
  status!: string;
  /** IANA time zone in which the user's days begin. @example 'Europe/Berlin' */
  timeZone!: string;
  createdAt!: string;
  updatedAt!: string;
  version!: number;

  static of(user: UserSnapshot): UserDto {
    return {
      id: user.id,
      email: user.email,
      username: user.username,
      name: user.name,
      emailVerified: user.emailVerified,
      status: user.status,
      timeZone: user.timeZone,
      createdAt: new Date(user.createdAt).toISOString(),
      updatedAt: new Date(user.updatedAt).toISOString(),
      version: user.version,
    };
  }
}

export class UpdateProfileDto {
  static readonly readOnly = ['id', 'email', 'emailVerified', 'status', 'createdAt', 'updatedAt', 'version', 'timeZone'];

  /** What the user is called. @example 'Ada Lovelace' */
  @IsOptional() @CleanText() @Length(1, 120)
  name?: string | null;

  /** 3 to 64 letters, digits, dots, dashes or underscores. @example 'ada' */
  @IsOptional() @CleanText() @IsUsername()
  username?: string;
}

/** What the user has chosen about how the application treats them. */
export class PreferencesDto {
  /** IANA time zone: daily limits return at midnight there. @example 'Europe/Berlin' */
  timeZone!: string;
  /** BCP 47 tag. @example 'en' */
  language!: string;
  theme!: string;
  notifications!: Record<string, boolean>;
  /** The application's own, up to 16 KB. */
  custom!: Record<string, unknown>;
}

export class UpdatePreferencesDto {
  /** IANA time zone. @example 'Europe/Berlin' */
  @IsOptional() @IsTimeZone()
  timeZone?: string;

  /** BCP 47 tag. @example 'en' */
  @IsOptional() @Matches(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, { message: 'language must be a BCP 47 tag such as en or pt-BR' })
  language?: string;

  @IsOptional() @IsIn(['system', 'light', 'dark'])
  theme?: string;

  /** Which notices the user wants, by name. */
  @IsOptional() @IsObject() @BooleanValues()
  notifications?: Record<string, boolean>;

  /** The application's own, up to 16 KB; replaced as a whole. */
  @IsOptional() @IsObject() @SmallJson()
  custom?: Record<string, unknown>;
}

function BooleanValues(): PropertyDecorator {
  return ValidateBy({
    name: 'booleanValues',
    validator: {
      validate: (value: unknown) => Object.entries(value as object).length <= 50 && Object.values(value as object).every((each) => typeof each === 'boolean'),
      defaultMessage: () => 'notifications must map at most 50 names to true or false',
    },
  });
}

function SmallJson(): PropertyDecorator {
  return ValidateBy({
    name: 'smallJson',
    validator: {
      validate: (value: unknown) => Buffer.byteLength(JSON.stringify(value)) <= 16_384,
      defaultMessage: () => 'custom must be at most 16 KB of JSON',
    },
  });
}

