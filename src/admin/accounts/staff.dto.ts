import { IsIn, IsOptional, Length } from 'class-validator';
import { StaffLevel } from '../../access/permission.js';
import { IfGiven } from '../../platform/http/if-given.js';
import { CleanText } from '../../platform/http/text.js';
import { StaffStatus } from '../../staff/staff-status.js';
import type { StaffRecord } from '../../staff/staff.service.js';
import { IsAddress } from '../../users/address.js';
import { IsUsername } from '../../users/username.js';

const READ_ONLY = ['id', 'emailVerified', 'createdAt', 'updatedAt', 'version', 'oneTimePassword'];
const LEVELS = [StaffLevel.Viewer, StaffLevel.Agent, StaffLevel.Lead];

export class CreateStaffDto {
  static readonly readOnly = [...READ_ONLY, 'status'];

  /** 3 to 64 letters, digits, dots, dashes or underscores. @example 'hugo' */
  @CleanText() @IsUsername()
  username!: string;

  /** Where mails to this staff member go. @example 'hugo@example.org' */
  @CleanText() @Length(3, 254) @IsAddress()
  email!: string;

  /** What the staff member is called. @example 'Hugo Grotius' */
  @IsOptional() @CleanText() @Length(1, 120)
  name?: string | null;

  /** 1 viewer, 2 agent, 3 lead: docs/permissions.md says what each may do. @example 2 */
  @IsIn(LEVELS)
  level!: number;
}

export class UpdateStaffDto {
  static readonly readOnly = READ_ONLY;

  @IfGiven() @CleanText() @IsUsername()
  username?: string;

  @IfGiven() @CleanText() @Length(3, 254) @IsAddress()
  email?: string;

  @IsOptional() @CleanText() @Length(1, 120)
  name?: string | null;

  /** Counts from the next request on. @example 3 */
  @IfGiven() @IsIn(LEVELS)
  level?: number;

  /** `disabled` signs the staff member out at once and keeps them out. */
  @IfGiven() @IsIn(Object.values(StaffStatus))
  status?: StaffStatus;
}

export class StaffDto {
  id!: string;
  username!: string;
  email!: string;
  emailVerified!: boolean;
  name!: string | null;
  /** 1 viewer, 2 agent, 3 lead. */
  level!: number;
  /** `active` or `disabled`. */
  status!: string;
  createdAt!: string;
  updatedAt!: string;
  version!: number;

  static of({ id, username, email, emailVerifiedAt, name, level, status, createdAt, updatedAt, version }: StaffRecord): StaffDto {
    return { id, username, email, emailVerified: emailVerifiedAt !== null, name, level, status, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString(), version };
  }
}

export class NewStaffDto extends StaffDto {
  /** In this answer and nowhere else, ever; sign-in asks for another at once. */
  oneTimePassword!: string;
}
