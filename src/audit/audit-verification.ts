import { setImmediate as turn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { millisOf, placeholders, type Row, Sql } from '../platform/database/sql.js';
import { AuditChain, LANES } from './audit-chain.js';
import { AuditCheckpoints, type LaneHead } from './audit-checkpoints.js';
import { type ChainedRow, chainHash, type Details, detailsHash, ERASURE } from './chain.js';

/** Something that is not as it was written. */
export interface AuditFault {
  /** `edited`, `forged`, `removed`, `cut-off`, `outside` the chain, `head` of a lane, `checkpoint`. */
  readonly kind: 'edited' | 'forged' | 'removed' | 'cut-off' | 'outside' | 'head' | 'checkpoint';
  /** The row; where rows are missing, the one that follows them, if any. */
  readonly id: string | null;
  readonly lane: number | null;
  readonly seq: number | null;
  /** When, as far as rows beside it tell. */
  readonly at: string | null;
  readonly detail: string;
}

export interface AuditReport {
  readonly ok: boolean;
  readonly rows: number;
  readonly checkpoints: number;
  /** The earliest fault. */
  readonly firstFault: AuditFault | null;
  /** At most a hundred, earliest first. */
  readonly faults: readonly AuditFault[];
}

const PAGE = 1000;
const MOST_FAULTS = 100;
const COLUMNS = 'id, lane, seq, at, actor_kind, actor_id, on_behalf_of, action, target_id, `before`, `after`, reason, ip, request_id, hash, mac, details_hash, salt';
const HEAD = 'SELECT l.seq, l.hash, (SELECT MAX(e.seq) FROM audit_events e WHERE e.lane = l.lane) FROM audit_lanes l WHERE l.lane = ?';
const ROWS = `SELECT ${COLUMNS} FROM audit_events WHERE lane = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ${PAGE}`;

interface Stored extends ChainedRow, Omit<Details, 'salt'> {
  /** Null once the details were erased. */
  readonly salt: string | null;
  readonly hash: string;
  readonly mac: string;
}

/** Walks all chains and checkpoints and finds every row that was edited, removed, forged or cut off. */
@Injectable()
export class AuditVerification {
  constructor(
    private readonly sql: Sql,
    private readonly chain: AuditChain,
    private readonly checkpoints: AuditCheckpoints,
  ) {}

  async verify(): Promise<AuditReport> {
    const signed = await this.walkCheckpoints();
    const faults = [...signed.faults, ...(await this.outside())];
    let rows = 0;
    for (let lane = 0; lane < LANES; lane += 1) rows += await this.walkLane(lane, signed.heads.get(lane), faults);
    faults.sort((a, b) => (a.at ?? '9') < (b.at ?? '9') ? -1 : 1);
    return { ok: faults.length === 0, rows, checkpoints: signed.count, firstFault: faults[0] ?? null, faults: faults.slice(0, MOST_FAULTS) };
  }

  private async walkLane(lane: number, signed: LaneHead | undefined, faults: AuditFault[]): Promise<number> {
    const head = await this.headOf(lane, faults);
    const [, signedSeq = 0, signedHash = ''] = signed ?? [];
    const end = Math.max(head.seq, head.last, signedSeq);
    let previous = { seq: 0, hash: '', at: null as string | null };
    let count = 0;
    for (;;) {
      const { rows } = await this.sql.execute(ROWS, [lane, previous.seq, end]);
      for (const row of rows.map(storedOf)) {
        if (row.seq !== previous.seq + 1) faults.push(missing(lane, previous.seq + 1, row.seq - 1, row));
        const fault = this.flawOf(row, previous) ?? (await this.flawOfDetails(row));
        if (fault) faults.push(fault);
        if (row.seq === signedSeq && row.hash !== signedHash) faults.push({ ...placeOf(row), kind: 'forged', detail: 'This row is not the one whose hash was signed.' });
        previous = row;
        count += 1;
      }
      if (rows.length < PAGE) break;
      await turn();
    }
    const promised = Math.max(head.seq, signedSeq);
    if (previous.seq < promised) faults.push({ kind: 'cut-off', id: null, lane, seq: previous.seq + 1, at: previous.at, detail: `Rows ${previous.seq + 1} to ${promised} of lane ${lane} are gone from its end.` });
    else if (head.seq === previous.seq && head.hash !== previous.hash) faults.push({ kind: 'head', id: null, lane, seq: head.seq, at: previous.at, detail: `The end of lane ${lane} was changed.` });
    return count;
  }

  /** A row whose hash is right goes with the row before it as that is now; one with a gap before it cannot. */
  private flawOf(row: Stored, previous: { seq: number; hash: string }): AuditFault | undefined {
    const follows = row.seq === previous.seq + 1;
    if (!this.chain.isOurs(row.hash, row.mac)) return { ...placeOf(row), kind: 'forged', detail: 'The hash of this row was not made by this installation.' };
    if (follows && chainHash(previous.hash, row) !== row.hash) return { ...placeOf(row), kind: 'edited', detail: 'This row does not say what it said when it was written.' };
    return undefined;
  }

  /** Details may be missing where they told of somebody who was erased, which is a row of the chain itself. */
  private async flawOfDetails(row: Stored): Promise<AuditFault | undefined> {
    const { salt, before, after, ip } = row;
    if (salt !== null) return detailsHash({ salt, before, after, ip }) === row.detailsHash ? undefined : { ...placeOf(row), kind: 'edited', detail: 'The details of this row are not those it was written with.' };
    if (before === null && after === null && ip === null && (await this.wasErased([row.targetId, row.actorId]))) return undefined;
    return { ...placeOf(row), kind: 'edited', detail: 'The details of this row were taken away, and not because somebody was erased.' };
  }

  private async wasErased(ids: (string | null)[]): Promise<boolean> {
    const given = ids.filter((id) => id !== null);
    if (given.length === 0) return false;
    const { rows } = await this.sql.execute(`SELECT 1 FROM audit_events WHERE action = ? AND target_id IN (${placeholders(given.length)}) LIMIT 1`, [ERASURE, ...given]);
    return rows.length > 0;
  }

  private async headOf(lane: number, faults: AuditFault[]): Promise<{ seq: number; hash: string; last: number }> {
    const { rows } = await this.sql.execute(HEAD, [lane]);
    const [row] = rows;
    if (!row) {
      faults.push({ kind: 'head', id: null, lane, seq: null, at: null, detail: `The end of lane ${lane} is gone.` });
      return { seq: 0, hash: '', last: Number.MAX_SAFE_INTEGER };
    }
    const [seq, last] = [Number(row[0]), Number(row[2] ?? 0)];
    if (last > seq) faults.push({ kind: 'head', id: null, lane, seq, at: null, detail: `Lane ${lane} says it has ${seq} rows and has ${last}.` });
    return { seq, hash: row[1] as string, last };
  }

  private async outside(): Promise<AuditFault[]> {
    const { rows } = await this.sql.execute(`SELECT ${COLUMNS} FROM audit_events WHERE lane IS NULL OR seq IS NULL OR lane < 0 OR lane >= ${LANES} OR seq < 1 LIMIT ${MOST_FAULTS}`, []);
    return rows.map(storedOf).map((row) => ({ ...placeOf(row), kind: 'outside', detail: 'This row belongs to no chain: it was not written by Provost.' }));
  }

  private async walkCheckpoints(): Promise<{ heads: Map<number, LaneHead>; count: number; faults: AuditFault[] }> {
    const faults: AuditFault[] = [];
    const copied = this.checkpoints.copied();
    let [number, signature, heads] = [0, undefined as string | undefined, '[]'];
    for (let page = await this.checkpoints.after(0, PAGE); page.length > 0; page = await this.checkpoints.after(number, PAGE)) {
      for (const checkpoint of page) {
        const isRight = checkpoint.number === number + 1 && this.checkpoints.isSigned(checkpoint, signature) && (copied.get(checkpoint.number) ?? checkpoint.signature) === checkpoint.signature;
        if (!isRight) faults.push({ kind: 'checkpoint', id: null, lane: null, seq: null, at: checkpoint.at.toISOString(), detail: `Checkpoint ${checkpoint.number} was changed, or one before it was removed.` });
        ({ number, signature, heads } = checkpoint);
      }
    }
    const newest = Math.max(0, ...copied.keys());
    if (newest > number) faults.push({ kind: 'checkpoint', id: null, lane: null, seq: null, at: null, detail: `Checkpoints ${number + 1} to ${newest} are gone.` });
    return { heads: new Map((JSON.parse(heads) as LaneHead[]).map((head) => [head[0], head])), count: number, faults };
  }
}

function placeOf({ id, lane, seq, at }: Stored): Pick<AuditFault, 'id' | 'lane' | 'seq' | 'at'> {
  return { id, lane, seq, at };
}

function missing(lane: number, from: number, to: number, next: Stored): AuditFault {
  const which = from === to ? `Row ${from}` : `Rows ${from} to ${to}`;
  return { kind: 'removed', id: next.id, lane, seq: from, at: next.at, detail: `${which} of lane ${lane} ${from === to ? 'is' : 'are'} gone; the row named here comes after.` };
}

function storedOf(row: Row): Stored {
  const text = (index: number): string | null => (row[index] === null ? null : (row[index] as string));
  return {
    id: row[0] as string, lane: Number(row[1]), seq: Number(row[2]), at: new Date(millisOf(row[3])).toISOString(),
    actorKind: row[4] as string, actorId: text(5), onBehalfOf: text(6), action: row[7] as string, targetId: text(8),
    before: text(9), after: text(10), reason: text(11), ip: text(12), requestId: text(13), hash: String(row[14]), mac: String(row[15]), detailsHash: String(row[16]), salt: text(17),
  };
}
