import { createHash } from 'node:crypto';

/** What of a row is protected: all of it. Text as it lies in the table. */
export interface ChainedRow {
  readonly id: string;
  readonly lane: number;
  readonly seq: number;
  /** ISO 8601, UTC, milliseconds. */
  readonly at: string;
  readonly actorKind: string;
  readonly actorId: string | null;
  readonly onBehalfOf: string | null;
  readonly action: string;
  readonly targetId: string | null;
  readonly reason: string | null;
  readonly requestId: string | null;
  /** Stands for the details, which may be erased with the person they tell of; see `detailsHash`. */
  readonly detailsHash: string;
}

/** What of a row may tell of a person. */
export interface Details {
  /** Random. Without it nobody can find out by trying what the details were. */
  readonly salt: string;
  /** JSON text. */
  readonly before: string | null;
  readonly after: string | null;
  readonly ip: string | null;
}

/** The last row of a lane; of an empty lane number 0 and an empty hash. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** The action of the row that says whose personal details were erased. */
export const ERASURE = 'users.erase';

/** SHA-256 over the hash of the lane's row before and every field of this one, as base64url. Anybody can compute it. */
export function chainHash(previous: string, row: ChainedRow): string {
  const { id, lane, seq, at, actorKind, actorId, onBehalfOf, action, targetId, reason, requestId, detailsHash } = row;
  return hashOf([previous, id, lane, seq, at, actorKind, actorId, onBehalfOf, action, targetId, reason, requestId, detailsHash]);
}

/**
 * SHA-256 over the details and a salt. The chain holds this in place of the details, so that it still proves every other
 * field, and that there were details, after the details and the salt were erased.
 */
export function detailsHash({ salt, before, after, ip }: Details): string {
  return hashOf([salt, before, after, ip]);
}

function hashOf(fields: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(fields)).digest('base64url');
}
