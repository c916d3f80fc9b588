import { IsIn, Length } from 'class-validator';
import { CleanText } from '../../platform/http/text.js';
import { SHARE_ROLES, type ShareRole } from './experiment-share.entity.js';
import type { Shared } from './shares.service.js';

export class ShareDto {
  /** @example 'ada' */
  @CleanText() @Length(1, 64)
  username!: string;

  /** Viewers read, editors also change; neither shares or deletes. */
  @IsIn(SHARE_ROLES)
  role!: ShareRole;
}

export class SharedDto {
  /** The user. */
  id!: string;
  username!: string;
  role!: ShareRole;
  createdAt!: string;

  static of({ userId, username, role, createdAt }: Shared): SharedDto {
    return { id: userId, username, role, createdAt: createdAt.toISOString() };
  }
}

export class SharesDto {
  data!: SharedDto[];
  nextCursor!: string | null;
  prevCursor!: string | null;
}

export class EndedShareDto {
  id!: string;
  role!: ShareRole;
}
