import { IsEnum, IsOptional } from 'class-validator';
import { FileFormat } from '../../platform/csv/file-format.js';
import { IsInstant } from '../../platform/http/instant.js';

export class AuditExportQueryDto {
  /** A JSON object a line, or CSV with cells that no spreadsheet evaluates. */
  @IsOptional() @IsEnum(FileFormat)
  format: FileFormat = FileFormat.Ndjson;

  /** Everything from here on. The beginning of all if absent. @example '2030-01-01T00:00:00Z' */
  @IsOptional() @IsInstant()
  from?: string;

  /** Up to here. Now if absent. */
  @IsOptional() @IsInstant()
  to?: string;
}
