import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsIn, IsInt, IsOptional, Length, Max, Min } from 'class-validator';
import { IsInstant } from '../../platform/http/instant.js';
import { type Permission, SERVICE_KEY_SCOPES } from '../../access/permission.js';
import type { ServiceKeyRecord } from '../../api-keys/service-keys.service.js';
import { IfGiven } from '../../platform/http/if-given.js';
import { CleanText } from '../../platform/http/text.js';
import { IsNetwork } from '../../platform/network/is-network.js';

class ServiceKeyTermsDto {
  static readonly readOnly = ['id', 'hint', 'lastUsedAt', 'previousKeyUntil', 'createdAt', 'version', 'key'];

  /** When the key stops working; null for never. @example '2030-01-01T00:00:00Z' */
  @IsOptional() @IsInstant()
  expiresAt?: string | null;

  /** Networks the key may be used from, as addresses or CIDRs; null for anywhere. @example ['192.0.2.0/24'] */
  @IsOptional() @IsArray() @ArrayMaxSize(50) @IsNetwork({ each: true })
  allowedCidrs?: string[] | null;

  /** Requests a minute; null for no limit of its own. */
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000)
  rateLimit?: number | null;
}

export class CreateServiceKeyDto extends ServiceKeyTermsDto {
  /** Which application it is for. @example 'Chat' */
  @CleanText() @Length(1, 120)
  name!: string;

  /** What it may do for the users it names. @example ['usage:consume', 'messages:write'] */
  @IsArray() @ArrayMinSize(1) @ArrayUnique() @IsIn(SERVICE_KEY_SCOPES, { each: true })
  scopes!: Permission[];
}

export class UpdateServiceKeyDto extends ServiceKeyTermsDto {
  /** Which application it is for. @example 'Chat' */
  @IfGiven() @CleanText() @Length(1, 120)
  name?: string;

  /** What it may do from now on. @example ['usage:consume'] */
  @IfGiven() @IsArray() @ArrayMinSize(1) @ArrayUnique() @IsIn(SERVICE_KEY_SCOPES, { each: true })
  scopes?: Permission[];
}

export class RotateServiceKeyDto {
  /** How long the previous key still works, in seconds. */
  @IsOptional() @IsInt() @Min(0) @Max(7 * 86_400)
  graceSeconds: number = 86_400;
}

/** A service key without its secret. */
export class ServiceKeyDto {
  id!: string;
  name!: string;
  /** The last four characters of the key. @example 'x7Qa' */
  hint!: string;
  scopes!: string[];
  /** Networks the key may be used from; null is anywhere. */
  allowedCidrs!: string[] | null;
  /** Requests a minute. */
  rateLimit!: number | null;
  expiresAt!: string | null;
  /** To the minute. */
  lastUsedAt!: string | null;
  /** After a rotation: until when the previous key still works. */
  previousKeyUntil!: string | null;
  createdAt!: string;
  version!: number;

  static of(key: ServiceKeyRecord): ServiceKeyDto {
    const { id, name, hint, scopes, allowedCidrs, requestsPerMinute, expiresAt, lastUsedAt, previousUntil, createdAt, version } = key;
    const instants = { expiresAt: textOf(expiresAt), lastUsedAt: textOf(lastUsedAt), previousKeyUntil: textOf(previousUntil) };
    return { id, name, hint, scopes, allowedCidrs, rateLimit: requestsPerMinute, ...instants, createdAt: createdAt.toISOString(), version };
  }
}

export class NewServiceKeyDto extends ServiceKeyDto {
  /** The key itself. It is in this answer and nowhere else, ever. @example 'pv_live_…' */
  key!: string;
}

function textOf(instant: Date | null): string | null {
  return instant?.toISOString() ?? null;
}
