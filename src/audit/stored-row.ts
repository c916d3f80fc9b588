import { millisOf, type Row, type SqlConnection } from '../platform/database/sql.js';
import type { ChainedRow, Details } from './chain.js';

/** A row as the table holds it: text where the chain hashes text. */
export interface StoredRow extends ChainedRow, Omit<Details, 'salt'> {
  /** Null once the details were erased. */
  readonly salt: string | null;
  readonly hash: string;
  readonly mac: string;
}

export const STORED_AT_ONCE = 500;
const COLUMNS = 'id, lane, seq, at, actor_kind, actor_id, on_behalf_of, action, target_id, `before`, `after`, reason, ip, request_id, hash, mac, details_hash, salt';
const OF_LANE = `SELECT ${COLUMNS} FROM audit_events WHERE lane = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ${STORED_AT_ONCE}`;

/** The next rows of a lane behind a place, up to a last one. */
export async function laneRows(sql: SqlConnection, lane: number, behind: number, last: number): Promise<StoredRow[]> {
  const { rows } = await sql.execute(OF_LANE, [lane, behind, last]);
  return rows.map(storedOf);
}

/** Rows that are in no lane, or in none that there is. */
export async function rowsOutside(sql: SqlConnection, lanes: number, most: number): Promise<StoredRow[]> {
  const { rows } = await sql.execute(`SELECT ${COLUMNS} FROM audit_events WHERE lane IS NULL OR seq IS NULL OR lane < 0 OR lane >= ${lanes} OR seq < 1 LIMIT ${most}`, []);
  return rows.map(storedOf);
}

function storedOf(row: Row): StoredRow {
  const text = (index: number): string | null => (row[index] === null ? null : (row[index] as string));
  return {
    id: row[0] as string, lane: Number(row[1]), seq: Number(row[2]), at: new Date(millisOf(row[3])).toISOString(),
    actorKind: row[4] as string, actorId: text(5), onBehalfOf: text(6), action: row[7] as string, targetId: text(8),
    before: text(9), after: text(10), reason: text(11), ip: text(12), requestId: text(13), hash: String(row[14]), mac: String(row[15]), detailsHash: String(row[16]), salt: text(17),
  };
}
