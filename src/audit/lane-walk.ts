import { Injectable } from '@nestjs/common';
import { placeholders, Sql } from '../platform/database/sql.js';
import { AuditChain } from './audit-chain.js';
import { chainHash, detailsHash, ERASURE, type Head } from './chain.js';
import { type AuditFault, missingBefore, placeOf, type Suspect } from './faults.js';
import { laneRows, STORED_AT_ONCE, type StoredRow } from './stored-row.js';

const HEAD = 'SELECT l.seq, l.hash, (SELECT MAX(e.seq) FROM audit_events e WHERE e.lane = l.lane) FROM audit_lanes l WHERE l.lane = ?';

/** What some rows of a lane have shown. */
export interface LaneStep {
  /** How far the lane is walked. */
  readonly seq: number;
  readonly rows: number;
  readonly isOver: boolean;
  readonly suspects: readonly Suspect[];
  readonly faults: readonly AuditFault[];
}

/** Walks a chain from row to row, a few hundred in memory at a time. */
@Injectable()
export class LaneWalk {
  constructor(
    private readonly sql: Sql,
    private readonly chain: AuditChain,
  ) {}

  /**
   * @param start where to begin: a place whose hash is known to be right
   * @param signed where a checkpoint says that the lane ends, or goes on from
   */
  async *steps(lane: number, start: Head, signed: Head): AsyncGenerator<LaneStep> {
    const head = await this.headOf(lane);
    let previous: { seq: number; hash: string; at: string | null } = { ...start, at: null };
    const end = Math.max(head.seq, head.last, signed.seq);
    for (let isOver = false; !isOver; ) {
      const rows = await laneRows(this.sql, lane, previous.seq, end);
      isOver = rows.length < STORED_AT_ONCE;
      const [suspects, faults]: [Suspect[], AuditFault[]] = [[], previous.seq === start.seq ? [...head.faults] : []];
      for (const row of rows) {
        if (row.seq !== previous.seq + 1) faults.push(missingBefore(row, previous.seq + 1));
        else if (chainHash(previous.hash, row) !== row.hash) suspects.push({ row, previous: previous.hash });
        faults.push(...(await this.flawsOf(row, signed)));
        previous = row;
      }
      // A row that stands at the wrong place is named as that, not as an end that does not fit it.
      const isSuspect = suspects.at(-1)?.row === previous;
      if (isOver) faults.push(...endFaults(lane, previous, isSuspect ? { ...head, hash: previous.hash } : head, signed));
      yield { seq: previous.seq, rows: rows.length, isOver, suspects, faults };
    }
  }

  /** What is wrong with a row by itself, whatever stands before it. */
  private async flawsOf(row: StoredRow, signed: Head): Promise<AuditFault[]> {
    if (!this.chain.isOurs(row.hash, row.mac)) return [{ ...placeOf(row), kind: 'forged', detail: 'The hash of this row was not made by this installation.' }];
    if (row.seq === signed.seq && row.hash !== signed.hash) return [{ ...placeOf(row), kind: 'forged', detail: 'This row is not the one whose hash was signed.' }];
    return this.flawsOfDetails(row);
  }

  /** Details may be missing where they told of somebody who was erased, which is a row of the chain itself. */
  private async flawsOfDetails(row: StoredRow): Promise<AuditFault[]> {
    const { salt, before, after, ip } = row;
    if (salt !== null) return detailsHash({ salt, before, after, ip }) === row.detailsHash ? [] : [{ ...placeOf(row), kind: 'edited', detail: 'The details of this row are not those it was written with.' }];
    if (before === null && after === null && ip === null && (await this.wasErased([row.targetId, row.actorId]))) return [];
    return [{ ...placeOf(row), kind: 'edited', detail: 'The details of this row were taken away, and not because somebody was erased.' }];
  }

  private async wasErased(ids: (string | null)[]): Promise<boolean> {
    const given = ids.filter((id) => id !== null);
    if (given.length === 0) return false;
    const { rows } = await this.sql.execute(`SELECT 1 FROM audit_events WHERE action = ? AND target_id IN (${placeholders(given.length)}) LIMIT 1`, [ERASURE, ...given]);
    return rows.length > 0;
  }

  private async headOf(lane: number): Promise<LaneEnd> {
    const { rows } = await this.sql.execute(HEAD, [lane]);
    const [row] = rows;
    const fault = (seq: number | null, detail: string): AuditFault => ({ kind: 'head', id: null, lane, seq, at: null, detail });
    if (!row) return { seq: 0, hash: '', last: Number.MAX_SAFE_INTEGER, faults: [fault(null, `The end of lane ${lane} is gone.`)] };
    const [seq, hash, last] = [Number(row[0]), row[1] as string, Number(row[2] ?? 0)];
    return { seq, hash, last, faults: last > seq ? [fault(seq, `Lane ${lane} says it has ${seq} rows and has ${last}.`)] : [] };
  }
}

interface LaneEnd extends Head {
  /** The place of the last row that there is. */
  readonly last: number;
  readonly faults: readonly AuditFault[];
}

function endFaults(lane: number, previous: Head & { at: string | null }, head: Head, signed: Head): AuditFault[] {
  const promised = Math.max(head.seq, signed.seq);
  if (previous.seq < promised) return [{ kind: 'cut-off', id: null, lane, seq: previous.seq + 1, at: previous.at, detail: `Rows ${previous.seq + 1} to ${promised} of lane ${lane} are gone from its end.` }];
  if (head.seq === previous.seq && head.hash !== previous.hash) return [{ kind: 'head', id: null, lane, seq: head.seq, at: previous.at, detail: `The end of lane ${lane} was changed.` }];
  return [];
}
