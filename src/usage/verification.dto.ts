import { Type } from 'class-transformer';
import { IsInt, IsIP, IsOptional, IsString, Length, Max, Min, ValidateNested } from 'class-validator';
import { LimitDto } from './usage.dto.js';

export class CostDto {
  /** @example 1 */
  @IsOptional() @IsInt() @Min(0) @Max(10_000)
  conversations?: number;

  @IsOptional() @IsInt() @Min(0) @Max(1_000_000_000)
  credits?: number;
}

export class VerifyDto {
  /** An access token. One of `token` and `apiKey` must be given. */
  @IsOptional() @IsString() @Length(1, 4096)
  token?: string;

  /** An API key. */
  @IsOptional() @IsString() @Length(1, 4096)
  apiKey?: string;

  /** Where the caller's request came from, for keys that are bound to networks. */
  @IsOptional() @IsIP()
  ip?: string;

  /** What to count at the same time; nothing is counted without it. */
  @IsOptional() @Type(() => CostDto) @ValidateNested()
  cost?: CostDto;
}

export class VerifiedDto {
  /** Whether the credential is good, and the cost, if there was one, was granted. */
  active!: boolean;
  /** The user's id, or the key's for a service key. */
  subject?: string;
  /** `user`, `staff`, `admin` or `service`. */
  kind?: string;
  scopes?: string[];
  /** The name of the user's plan. */
  plan?: string;
  limits?: LimitDto[];
  /** Why it is not active: the code of the problem. @example 'api-keys.expired' */
  reason?: string;
}
