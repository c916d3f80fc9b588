import { ArrayUnique, IsArray, IsIn, IsOptional, ValidateIf } from 'class-validator';
import { ADMIN_PERMISSIONS } from '../../access/permission.js';
import { IfGiven } from '../../platform/http/if-given.js';
import { CleanText } from '../../platform/http/text.js';
import { IsUsername } from '../../users/username.js';
import { type Admin, AdminStatus } from '../admin.entity.js';

const READ_ONLY = ['id', 'createdAt', 'updatedAt', 'version', 'oneTimePassword'];

export class CreateAdminDto {
  static readonly readOnly = [...READ_ONLY, 'status'];

  /** 3 to 64 letters, digits, dots, dashes or underscores. @example 'grace' */
  @CleanText() @IsUsername()
  username!: string;

  /** What the admin may do, of what you may do yourself; null is everything, also what later versions add. @example ['users:read', 'audit:read'] */
  @ValidateIf((_, value) => value !== null) @IsArray() @ArrayUnique() @IsIn(ADMIN_PERMISSIONS, { each: true })
  permissions: string[] | null = [];
}

export class UpdateAdminDto {
  static readonly readOnly = READ_ONLY;

  /** @example 'grace' */
  @IfGiven() @CleanText() @IsUsername()
  username?: string;

  /** What the admin may do from the next request on. */
  @IsOptional() @IsArray() @ArrayUnique() @IsIn(ADMIN_PERMISSIONS, { each: true })
  permissions?: string[] | null;

  /** `disabled` signs the admin out at once and keeps them out. */
  @IfGiven() @IsIn(Object.values(AdminStatus))
  status?: AdminStatus;
}

export class AdminDto {
  id!: string;
  username!: string;
  /** Null is everything, also what later versions add. @example ['users:read', 'audit:read'] */
  permissions!: string[] | null;
  /** `active` or `disabled`. */
  status!: string;
  createdAt!: string;
  updatedAt!: string;
  version!: number;

  static of({ id, username, permissions, status, createdAt, updatedAt, version }: Admin): AdminDto {
    return { id, username, permissions, status, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString(), version };
  }
}

export class NewAdminDto extends AdminDto {
  /** In this answer and nowhere else, ever; sign-in asks for another at once. */
  oneTimePassword!: string;
}
