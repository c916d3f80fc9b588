import { createHash } from 'node:crypto';
import { hmac } from '../../platform/crypto/hashes.js';
import type { FileRow } from './file-rows.js';
import type { ImportSummary, RowError } from './import-results.js';
import type { UserImport } from './user-import.entity.js';

export const MOST_ERRORS = 1000;

/** How far one reading of a file has come. */
export class ImportProgress {
  /** Rows that an earlier reading dealt with. */
  readonly skipped: number;
  private readonly hash = createHash('sha256');
  private read = 0;

  constructor(
    readonly record: UserImport,
    readonly errors: RowError[],
    private readonly key: Buffer,
  ) {
    this.skipped = record.dealtWith;
  }

  /** Whether an earlier reading has dealt with the row already. */
  passes(row: FileRow): boolean {
    this.read += 1;
    this.hash.update(`${JSON.stringify([row.fields, row.flaw?.code, row.raw])}\n`);
    return this.read <= this.skipped;
  }

  /** Whether the rows read so far end where the earlier reading did. */
  get isAtMark(): boolean {
    return this.read === this.skipped;
  }

  get isBeforeMark(): boolean {
    return this.read < this.skipped;
  }

  /** Whether the rows up to the mark are those of the earlier reading. */
  get isSame(): boolean {
    return this.digest === this.record.hash;
  }

  /** Over all rows read so far. A keyed one: rows may hold passwords, and a short file could be guessed. */
  get digest(): string {
    return hmac(this.key, this.hash.copy().digest('base64url')).toString('base64url');
  }

  /** As many of the errors as are told. */
  room(errors: readonly RowError[]): readonly RowError[] {
    return errors.slice(0, MOST_ERRORS - this.errors.length);
  }

  summary(dryRun: boolean): ImportSummary {
    const { record, errors, skipped } = this;
    return {
      id: dryRun ? null : record.id,
      dryRun,
      rows: record.dealtWith,
      created: record.created,
      skipped,
      failed: record.failed,
      errors,
      errorsTruncated: errors.length >= MOST_ERRORS && record.failed > new Set(errors.map(({ line }) => line)).size,
    };
  }
}
