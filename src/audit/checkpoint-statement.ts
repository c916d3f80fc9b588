import type { Head } from './chain.js';

/** A lane, how many rows it has and the hash of the last. */
export type LaneHead = readonly [lane: number, seq: number, hash: string];

/** What a checkpoint says. */
export interface Statement {
  readonly number: number;
  readonly at: Date;
  /** JSON text of `LaneHead`s. */
  readonly heads: string;
}

/** What is signed: everything in the row, and the signature before it. */
export function statementOf({ number, at, heads }: Statement, previousSignature = ''): Buffer {
  return Buffer.from(JSON.stringify(['provost audit checkpoint', number, at.toISOString(), heads, previousSignature]));
}

/** Where a checkpoint says that each lane ended; nowhere without one, or where its text was destroyed. */
export function headsOf(checkpoint: Pick<Statement, 'heads'> | null | undefined): Map<number, Head> {
  try {
    const heads = JSON.parse(checkpoint?.heads ?? '[]') as LaneHead[];
    return new Map(heads.map(([lane, seq, hash]) => [lane, { seq, hash }]));
  } catch {
    return new Map();
  }
}
