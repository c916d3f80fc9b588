import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';

/** Which page of a list, in which order. A list's own query extends this by its filters. */
export class ListQueryDto {
  /** Most records in the answer. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(100)
  limit: number = 20;

  /** `nextCursor` or `prevCursor` of an earlier answer. */
  @IsOptional() @IsString() @Length(1, 1024)
  cursor?: string;

  /** A field to sort by; with `-` before it, largest first. */
  @IsOptional() @IsString() @Length(1, 64)
  sort?: string;
}
