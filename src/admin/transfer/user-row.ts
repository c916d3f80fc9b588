import { plainToInstance, Transform } from 'class-transformer';
import { IsBoolean, IsInt, IsOptional, Length, Matches, Max, Min, ValidateBy, validateSync } from 'class-validator';
import { violationsOf } from '../../platform/http/body.pipe.js';
import { CleanText } from '../../platform/http/text.js';
import type { Violation } from '../../platform/problems/problem.js';
import type { NewUser } from '../../users/new-users.js';
import { IsTimeZone } from '../../users/time-zone.js';
import { UserStatus } from '../../users/user-record.js';
import { CreateUserDto } from '../users/users-admin.dto.js';
import type { FileRow } from './file-rows.js';

const LANGUAGE = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/;
const INSTANT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/;
const BANNED_BY_IMPORT = 'Banned where they came from.';

/** What POST /admin/users takes, and what other systems know of a user beside it. */
export class UserRow extends CreateUserDto {
  @IsOptional() @Transform(({ value }: { value: unknown }) => flagOf(value)) @IsBoolean({ message: 'emailVerified must be true or false' })
  emailVerified?: boolean;

  @IsOptional() @IsInstant()
  bannedUntil?: string;

  @IsOptional() @CleanText() @Length(3, 500)
  banReason?: string;

  @IsOptional() @Length(1, 64)
  plan?: string;

  @IsOptional() @Transform(({ value }: { value: unknown }) => (typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value)) @IsInt() @Min(0) @Max(1_000_000_000_000)
  credits?: number;

  @IsOptional() @IsTimeZone()
  timeZone?: string;

  @IsOptional() @Matches(LANGUAGE, { message: 'language must be a BCP 47 tag such as en or pt-BR' })
  language?: string;

  @IsOptional() @IsInstant()
  createdAt?: string;
}

/** The row as it is asked for, or all that is wrong with it. */
export function userRowOf({ fields, flaw }: FileRow, now: Date): UserRow | Violation[] {
  if (flaw) return [flaw];
  // Who an export names keeps their id there: ids are made here.
  const { id: _id, ...given } = fields;
  const row = plainToInstance(UserRow, given);
  const violations = validateSync(row, { stopAtFirstError: true }).flatMap((error) => violationsOf(error, ''));
  if (violations.length === 0) violations.push(...contradictions(row, now));
  return violations.length > 0 ? violations : row;
}

export function newUserOf({ email, username, name, emailVerified, status, bannedUntil, banReason, timeZone, language, createdAt }: UserRow): NewUser {
  const ban = status === UserStatus.Banned ? { until: bannedUntil === undefined ? null : new Date(bannedUntil), reason: banReason ?? BANNED_BY_IMPORT } : undefined;
  return { email, username, name, emailVerified, timeZone, language, createdAt: createdAt === undefined ? undefined : new Date(createdAt), ban };
}

function contradictions({ password, passwordHash, createdAt, bannedUntil, banReason, status }: UserRow, now: Date): Violation[] {
  const violations: Violation[] = [];
  if (password !== undefined && passwordHash !== undefined) violations.push({ pointer: '/passwordHash', code: 'either', detail: 'Give a password or a passwordHash, not both.' });
  if (createdAt !== undefined && new Date(createdAt) > now) violations.push({ pointer: '/createdAt', code: 'future', detail: 'createdAt must not lie in the future.' });
  if ((bannedUntil ?? banReason) !== undefined && status !== UserStatus.Banned) violations.push({ pointer: '/status', code: 'banned', detail: 'bannedUntil and banReason need the status banned.' });
  return violations;
}

/** A CSV file has texts alone. */
function flagOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const flag = { true: true, 1: true, false: false, 0: false }[value.toLowerCase()];
  return flag ?? value;
}

/** With a zone: what a time without one means would depend on the machine. */
function IsInstant(): PropertyDecorator {
  return ValidateBy({
    name: 'isInstant',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && INSTANT.test(value) && Date.parse(value) >= 0,
      defaultMessage: (given) => `${given?.property} must be an instant since 1970 such as 2020-01-31T00:00:00Z`,
    },
  });
}
