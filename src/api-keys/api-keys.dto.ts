import { ArrayMaxSize, ArrayUnique, IsArray, IsIn, IsInt, IsOptional, Length, Max, Min } from 'class-validator';
import { IsInstant } from '../platform/http/instant.js';
import { Permission, USER_KEY_SCOPES } from '../access/permission.js';
import { CleanText } from '../platform/http/text.js';
import { IsNetwork } from '../platform/network/is-network.js';
import type { ApiKey } from './api-key.entity.js';

/** An API key without its secret. */
export class ApiKeyDto {
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

  static of(key: ApiKey): ApiKeyDto {
    return {
      id: key.id,
      name: key.name,
      hint: key.hint,
      scopes: key.scopes,
      allowedCidrs: key.allowedCidrs,
      rateLimit: key.requestsPerMinute,
      expiresAt: key.expiresAt?.toISOString() ?? null,
      lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
      previousKeyUntil: key.previousUntil?.toISOString() ?? null,
      createdAt: key.createdAt.toISOString(),
      version: key.version,
    };
  }
}

export class IssuedApiKeyDto {
  apiKey!: ApiKeyDto;
  /** The key itself. It is shown here and never again. @example 'pv_live_…' */
  key!: string;

  static of({ apiKey, key }: { apiKey: ApiKey; key: string }): IssuedApiKeyDto {
    return { apiKey: ApiKeyDto.of(apiKey), key };
  }
}

export class ApiKeyListDto {
  data!: ApiKeyDto[];
  nextCursor!: string | null;
  prevCursor!: string | null;
}

export class ApiKeyTermsDto {
  static readonly readOnly = ['id', 'hint', 'lastUsedAt', 'previousKeyUntil', 'createdAt', 'version'];

  /** What the key may do. */
  @IsOptional() @IsArray() @ArrayUnique() @IsIn(USER_KEY_SCOPES, { each: true })
  scopes?: Permission[];

  /** When the key stops working; null for never. @example '2027-01-01T00:00:00Z' */
  @IsOptional() @IsInstant()
  expiresAt?: string | null;

  /** Networks the key may be used from, as addresses or CIDRs; null for anywhere. @example ['192.0.2.0/24'] */
  @IsOptional() @IsArray() @ArrayMaxSize(50) @IsNetwork({ each: true })
  allowedCidrs?: string[] | null;

  /** Requests a minute; null for no limit of its own. */
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000)
  rateLimit?: number | null;
}

export class CreateApiKeyDto extends ApiKeyTermsDto {
  /** What its owner calls it. @example 'Notebook on the lab server' */
  @CleanText() @Length(1, 120)
  name!: string;
}

export class UpdateApiKeyDto extends ApiKeyTermsDto {
  /** What its owner calls it. @example 'Notebook on the lab server' */
  @IsOptional() @CleanText() @Length(1, 120)
  name?: string;
}

export class RotateApiKeyDto {
  /** How long the previous key still works, in seconds. */
  @IsOptional() @IsInt() @Min(0) @Max(7 * 86_400)
  graceSeconds: number = 86_400;
}

export class DeletedDto {
  id!: string;
}
