import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional } from 'class-validator';
import type { ImportSummary } from './import-results.js';

export class ImportQueryDto {
  /** Checks every row and writes nothing. */
  @IsOptional() @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value)) @IsBoolean()
  dryRun?: boolean;
}

export class ImportErrorDto {
  /** Counted from 1, the header included. */
  line!: number;
  /** The column, as a JSON pointer; empty where it is the whole row. */
  pointer!: string;
  code!: string;
  detail!: string;
}

/** What became of a file of users. */
export class ImportDto {
  /** Names the import in the audit; null of a dry run. */
  id!: string | null;
  dryRun!: boolean;
  /** Rows of the file. */
  rows!: number;
  /** Rows that are users now, or of a dry run would be. */
  created!: number;
  /** Rows that an earlier request with this key had dealt with; they count as created or failed too. */
  skipped!: number;
  /** Rows that made no user. */
  failed!: number;
  /** Why, the first 1,000 of them. */
  errors!: ImportErrorDto[];
  /** Whether there are more. */
  errorsTruncated!: boolean;

  static of({ id, dryRun, rows, created, skipped, failed, errors, errorsTruncated }: ImportSummary): ImportDto {
    return { id, dryRun, rows, created, skipped, failed, errors: errors.map(({ line, pointer, code, detail }) => ({ line, pointer, code, detail })), errorsTruncated };
  }
}
