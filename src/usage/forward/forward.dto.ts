import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { Permission, SERVICE_KEY_SCOPES, USER_KEY_SCOPES } from '../../access/permission.js';

const SCOPES = [...new Set([...USER_KEY_SCOPES, ...SERVICE_KEY_SCOPES])];

export class ForwardQueryDto {
  /** What the caller must be permitted to do; any live credential will do without it. @example 'messages:write' */
  @IsOptional() @IsIn(SCOPES)
  scope?: Permission;

  /** Conversations to count for each request that is let through. @example 1 */
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(10_000)
  conversations?: number;

  /** Credits to spend for each request that is let through. @example 0 */
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(1_000_000_000)
  credits?: number;
}
