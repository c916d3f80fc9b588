import { setImmediate as turn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Sql } from '../platform/database/sql.js';
import { NotFound } from '../platform/problems/problems.js';
import { LANES } from './audit-chain.js';
import type { AuditCheckpoint } from './audit-checkpoint.entity.js';
import { AuditCheckpoints } from './audit-checkpoints.js';
import type { Head } from './chain.js';
import { headsOf } from './checkpoint-statement.js';
import { type AuditFault, byTime, faultsOf, placeOf, type Suspect } from './faults.js';
import { LaneWalk } from './lane-walk.js';
import { rowsOutside } from './stored-row.js';

export interface AuditReport {
  readonly ok: boolean;
  /** Walked so far, as everything here. */
  readonly rows: number;
  readonly lanes: number;
  readonly checkpoints: number;
  /** The earliest fault. */
  readonly firstFault: AuditFault | null;
  /** Of this call, at most a hundred, earliest first. */
  readonly faults: readonly AuditFault[];
  /** Where to go on; null when all is walked. */
  readonly next: VerificationPlace | null;
}

/** How far a verification has come. */
export interface VerificationPlace {
  /** The checkpoint from which it began; 0 is the beginning of all. */
  readonly since: number;
  /** The last checkpoint that was read. */
  readonly number: number;
  /** The lane that is being walked; -1 while checkpoints are. */
  readonly lane: number;
  /** The last row of it that was read. */
  readonly seq: number;
  readonly rows: number;
  readonly checkpoints: number;
  readonly firstFault: AuditFault | null;
}

interface Step {
  readonly place: VerificationPlace;
  readonly faults: readonly AuditFault[];
  readonly suspects?: readonly Suspect[];
}

const MOST_FAULTS = 100;
const NOTHING: Head = { seq: 0, hash: '' };

/** Walks all chains and checkpoints and finds every row that was edited, removed, moved, forged or cut off. */
@Injectable()
export class AuditVerification {
  constructor(
    private readonly sql: Sql,
    private readonly lanes: LaneWalk,
    private readonly checkpoints: AuditCheckpoints,
  ) {}

  /** Where to begin for what was written after a checkpoint, which must be there and is itself verified. */
  async since(number: number): Promise<VerificationPlace> {
    if (number > 0 && !(await this.checkpoints.numbered(number))) throw new NotFound('audit-checkpoint');
    return { since: number, number: Math.max(0, number - 1), lane: -1, seq: 0, rows: 0, checkpoints: 0, firstFault: null };
  }

  /** Goes on for about so long and says where it stopped; at least some hundred rows. */
  async verify(from?: VerificationPlace, withinMs = Infinity): Promise<AuditReport> {
    const until = performance.now() + withinMs;
    let place = from ?? (await this.since(0));
    const [faults, suspects]: [AuditFault[], Suspect[]] = [[], []];
    for await (const step of this.steps(place)) {
      place = step.place;
      if (faults.length < MOST_FAULTS) faults.push(...step.faults);
      if (suspects.length < MOST_FAULTS) suspects.push(...(step.suspects ?? []));
      if (performance.now() >= until) break;
      await turn();
    }
    faults.push(...faultsOf(suspects));
    faults.sort(byTime);
    const firstFault = [...(place.firstFault ? [place.firstFault] : []), ...faults.slice(0, 1)].sort(byTime)[0] ?? null;
    const { rows, checkpoints, lane } = place;
    return { ok: firstFault === null, rows, lanes: Math.max(0, lane), checkpoints, firstFault, faults: faults.slice(0, MOST_FAULTS), next: lane < LANES ? { ...place, firstFault } : null };
  }

  private async *steps(from: VerificationPlace): AsyncGenerator<Step> {
    let place = from;
    if (place.lane < 0) {
      for await (const step of this.walkCheckpoints(place)) yield { ...step, place: (place = step.place) };
      yield { place: (place = { ...place, lane: 0 }), faults: await this.outside() };
    }
    const starts = headsOf(await this.checkpoints.numbered(place.since));
    const signed = headsOf(await this.checkpoints.numbered(place.number));
    while (place.lane < LANES) {
      const { lane, seq } = place;
      const begin = starts.get(lane) ?? NOTHING;
      const start = seq > begin.seq ? { seq, hash: await this.hashAt(lane, seq) } : begin;
      for await (const step of this.lanes.steps(lane, start, signed.get(lane) ?? NOTHING)) {
        const [reached, row] = step.isOver ? [lane + 1, 0] : [lane, step.seq];
        place = { ...place, lane: reached, seq: row, rows: place.rows + step.rows };
        yield { ...step, place };
      }
    }
  }

  private async hashAt(lane: number, seq: number): Promise<string> {
    const { rows } = await this.sql.execute('SELECT hash FROM audit_events WHERE lane = ? AND seq = ?', [lane, seq]);
    return (rows[0]?.[0] ?? '') as string;
  }

  private async outside(): Promise<AuditFault[]> {
    const rows = await rowsOutside(this.sql, LANES, MOST_FAULTS);
    return rows.map((row) => ({ ...placeOf(row), kind: 'outside', detail: 'This row belongs to no chain: it was not written by Provost.' }));
  }

  private async *walkCheckpoints(from: VerificationPlace): AsyncGenerator<Step> {
    const copied = await this.checkpoints.copied(from.number);
    let place = from;
    let signature = (await this.checkpoints.numbered(place.number))?.signature;
    for (;;) {
      const page = await this.checkpoints.after(place.number);
      if (page.length === 0) break;
      const faults: AuditFault[] = [];
      for (const checkpoint of page) {
        const isRight = checkpoint.number === place.number + 1 && this.checkpoints.isSigned(checkpoint, signature) && (copied.get(checkpoint.number) ?? checkpoint.signature) === checkpoint.signature;
        if (!isRight) faults.push(changed(checkpoint));
        ({ signature } = checkpoint);
        place = { ...place, number: checkpoint.number, checkpoints: place.checkpoints + 1 };
      }
      yield { place, faults };
    }
    const newest = [...copied.keys()].reduce((most, number) => Math.max(most, number), 0);
    if (newest > place.number) yield { place, faults: [{ kind: 'checkpoint', id: null, lane: null, seq: null, at: null, detail: `Checkpoints ${place.number + 1} to ${newest} are gone.` }] };
  }
}

function changed({ number, at }: AuditCheckpoint): AuditFault {
  return { kind: 'checkpoint', id: null, lane: null, seq: null, at: at.toISOString(), detail: `Checkpoint ${number} was changed, or one before it was removed.` };
}
