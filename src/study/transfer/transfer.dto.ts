import { IsIn } from 'class-validator';
import { FileFormat } from '../../platform/csv/file-format.js';
import { IfGiven } from '../../platform/http/if-given.js';
import type { ImportReport } from './import-report.js';

export class ExportQueryDto {
  /** CSV with cells that no spreadsheet evaluates, the default, or a JSON object a line. */
  @IfGiven() @IsIn(Object.values(FileFormat))
  format?: FileFormat;
}

/** What became of a file. */
export class StudyImportDto {
  /** Rows of the file; for KOReader the sessions that its pages make. */
  rows!: number;
  imported!: number;
  /** Those that were there before. */
  duplicates!: number;
  /** Sessions in whose time another one lies; for KOReader also pages that cannot have been read like that. */
  passedOver!: number;

  static of({ rows, imported, duplicates, passedOver }: ImportReport): StudyImportDto {
    return { rows, imported, duplicates, passedOver };
  }
}
