import { Type } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import type { News, Revocation } from './revocation-feed.js';

export class RevocationsQueryDto {
  /** `cursor` of the last answer. Without one the answer is the present cursor and nothing else. */
  @IsOptional() @Matches(/^\d{1,15}-(?:start|[0-9a-f-]{36})$/, { message: 'cursor must be one that an earlier answer gave' })
  cursor?: string;

  /** How long to wait for something to happen, in seconds; the answer comes as soon as it does. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(25)
  waitSeconds: number = 0;
}

export class RevocationDto {
  /** `session`, `principal` (a user, a member of staff or an admin), `key` or `all`. */
  kind!: string;
  /** Of the session (`sid` in tokens), principal (`sub`) or key; null for `all`. */
  id!: string | null;
  at!: string;

  static of({ kind, id, at }: Revocation): RevocationDto {
    return { kind, id, at: new Date(at).toISOString() };
  }
}

export class RevocationsDto {
  /** Forget what you remember of these, and verify it anew when it is presented again. */
  data!: RevocationDto[];
  /** For the next request. */
  cursor!: string;

  static of({ revocations, cursor }: News): RevocationsDto {
    return { data: revocations.map((revocation) => RevocationDto.of(revocation)), cursor };
  }
}
