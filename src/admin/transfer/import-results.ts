import type { AuditActor, SYSTEM } from '../../audit/audit.service.js';

export type Importer = AuditActor | typeof SYSTEM;

export interface ImportOrder {
  readonly actor: Importer;
  /** The same key and file go on where an earlier import stopped. */
  readonly key?: string | undefined;
  /** Nothing is written. */
  readonly dryRun: boolean;
}

/** Why a row made no user. */
export interface RowError {
  readonly line: number;
  /** The column, as a JSON pointer; empty where it is the whole row. */
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/** What became of a row. */
export interface RowResult {
  readonly line: number;
  readonly status: 'created' | 'valid' | 'failed';
  readonly id?: string;
  readonly errors?: readonly RowError[];
}

export interface ImportSummary {
  /** Null of a dry run. */
  readonly id: string | null;
  readonly dryRun: boolean;
  readonly rows: number;
  readonly created: number;
  readonly skipped: number;
  readonly failed: number;
  readonly errors: readonly RowError[];
  readonly errorsTruncated: boolean;
}
