import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional } from 'class-validator';
import type { ImportReport } from './results-import.service.js';

function toBoolean({ value }: { value: unknown }): unknown {
  return value === 'true' ? true : value === 'false' ? false : value;
}

export class ResultsImportQueryDto {
  /** Checks the whole file and writes nothing. */
  @IsOptional() @Transform(toBoolean) @IsBoolean()
  dryRun?: boolean;
}

export class RunsExportQueryDto {
  /** With a column for what each parameter was really set to. */
  @IsOptional() @Transform(toBoolean) @IsBoolean()
  actual?: boolean;
}

export class SheetErrorDto {
  /** Counted from 1, the header included. */
  line!: number;
  /** The parameter, the response or the column; empty where it is the whole row. */
  column!: string;
  code!: string;
  detail!: string;
}

/** What became of a file of results. */
export class ResultsImportDto {
  dryRun!: boolean;
  /** Rows of the file. */
  rows!: number;
  /** Values that are in the experiment now, or of a dry run would be. */
  results!: number;
  /** Rows without a run, which have settings of their own. */
  observations!: number;
  /** Runs that were measured, or of which the file says how they really were. */
  runs!: number;
  /** Values that the experiment had already. */
  unchanged!: number;
  /** Rows in which nothing was measured. */
  empty!: number;
  /** Rows that are not right. */
  failed!: number;
  /** Why, the first 100. */
  errors!: SheetErrorDto[];
  /** Whether there are more. */
  errorsTruncated!: boolean;

  static of({ dryRun, rows, results, observations, runs, unchanged, empty, failed, errors, errorsTruncated }: ImportReport): ResultsImportDto {
    return { dryRun, rows, results, observations, runs, unchanged, empty, failed, errors: errors.map(({ line, column, code, detail }) => ({ line, column, code, detail })), errorsTruncated };
  }
}
