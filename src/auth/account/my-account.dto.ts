import { IsString, Length } from 'class-validator';
import type { DeletedRecord } from '../../users/deleted-users.service.js';

export class DeleteMyAccountDto {
  /** The caller's password, once more. */
  @IsString() @Length(1, 1024)
  password!: string;
}

/** An account that was deleted and can still be restored by an administrator. */
export class DeletedAccountDto {
  id!: string;
  deletedAt!: string;
  /** From then on everything is erased for good and the names are free. */
  purgeAfter!: string;

  static of({ id, deletedAt, purgeAfter }: DeletedRecord): DeletedAccountDto {
    return { id, deletedAt: deletedAt.toISOString(), purgeAfter: purgeAfter.toISOString() };
  }
}
