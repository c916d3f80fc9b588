import { createHash } from 'node:crypto';
import type { StoredRow } from '../stored-row.js';

/** A checkpoint with all that its signature needs. */
export interface ExportedCheckpoint {
  readonly number: number;
  readonly at: string;
  readonly heads: string;
  readonly previousSignature: string;
  readonly signature: string;
}

/** The first line: which stretch of the trail the file has. */
export interface HeaderLine {
  readonly kind: 'header';
  readonly format: typeof FORMAT;
  readonly exportedAt: string;
  /** What was asked for; the file has everything between its checkpoints. */
  readonly from: string | null;
  readonly to: string | null;
  /** PEM. */
  readonly publicKey: string;
  /** Null: from the beginning of all. */
  readonly begin: ExportedCheckpoint | null;
  readonly end: ExportedCheckpoint;
}

/** A row as it is stored, `before` and `after` as the text that was hashed. */
export interface EventLine extends Omit<StoredRow, 'seq' | 'mac'> {
  readonly kind: 'event';
  readonly position: number;
}

/** The last line, without which the file was cut off. */
export interface EndLine {
  readonly kind: 'end';
  readonly rows: number;
  readonly digest: string;
  readonly signature: string;
}

export type ExportLine = HeaderLine | EventLine | EndLine;

export const FORMAT = 'provost audit export 1';
export const EVENT_FIELDS = [
  'lane', 'position', 'id', 'at', 'actorKind', 'actorId', 'onBehalfOf', 'action', 'targetId', 'before', 'after', 'reason', 'ip', 'requestId', 'salt', 'detailsHash', 'hash',
] as const satisfies readonly (keyof EventLine)[];

export function eventOf({ seq: position, ...row }: StoredRow): EventLine {
  return inOrder({ kind: 'event', position, ...row });
}

/** With its fields in the order in which they are written, and no others. */
export function inOrder(event: EventLine): EventLine {
  return { kind: 'event', ...Object.fromEntries(EVENT_FIELDS.map((field) => [field, event[field] ?? null])) } as unknown as EventLine;
}

/** What the last line signs: the first line, and of each row its hash and whether its details are there. */
export class ExportDigest {
  private readonly hash = createHash('sha256');
  private count = 0;

  constructor(header: HeaderLine) {
    this.hash.update(`${JSON.stringify(header)}\n`);
  }

  add({ hash, salt }: EventLine): void {
    this.count += 1;
    this.hash.update(`${hash} ${salt ?? '-'}\n`);
  }

  end(): Omit<EndLine, 'signature'> {
    return { kind: 'end', rows: this.count, digest: this.hash.digest('base64url') };
  }
}

export function endStatement({ rows, digest }: Omit<EndLine, 'signature'>): Buffer {
  return Buffer.from(JSON.stringify([FORMAT, rows, digest]));
}
