import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { EntityTransaction } from '../../platform/database/entity-transaction.js';
import type { StudySession } from '../sessions/study-session.entity.js';
import { isTelling, logPace, type Measured, type Pace, paceAfter, type PacePrior, type PaceUnit, SESSIONS_LOOKED_AT, START } from './pace-model.js';
import { StudyPrior } from './study-prior.entity.js';

export interface ReaderPace {
  readonly pace: Pace;
  /** What the reader usually does in a session; undefined before the first. */
  readonly unitsASession: number | undefined;
}

/** A session tells words where they are known, else pages; of exercises their number. */
const SOURCES: Readonly<Record<PaceUnit, { column: string; condition: string }>> = {
  word: { column: 'words', condition: "kind = 'reading' AND words > 0" },
  page: { column: 'pages', condition: "kind = 'reading' AND pages > 0" },
  exercise: { column: 'exercises', condition: "kind = 'exercises' AND exercises > 0" },
};

/** What a session says about the pace in this unit. */
export function measuredIn(unit: PaceUnit, { kind, words, pages, exercises, activeMs: ms, status }: StudySession): Measured | undefined {
  const units = unit === 'exercise' ? (kind === 'exercises' ? exercises : null) : kind === 'reading' ? { word: words, page: pages }[unit] : null;
  const measured = { units: units ?? 0, ms };
  return status === 'finished' && isTelling(measured) ? measured : undefined;
}

/** How fast somebody is, by the sessions they finished. */
@Injectable()
export class Paces {
  constructor(@InjectEntityManager() private readonly db: EntityManager) {}

  async of(ownerId: string, unit: PaceUnit, tx = this.db): Promise<ReaderPace> {
    const sessions = await this.sessions(ownerId, unit, tx);
    const units = sessions.map((each) => each.units).sort((a, b) => a - b);
    return { pace: paceAfter(sessions.map(logPace), await this.prior(unit, tx)), unitsASession: units[Math.floor(units.length / 2)] };
  }

  /** The newest, newest first. */
  async sessions(ownerId: string, unit: PaceUnit, tx = this.db): Promise<Measured[]> {
    const { column, condition } = SOURCES[unit];
    const statement = `SELECT ${column} AS units, active_ms FROM study_sessions WHERE owner_id = ? AND status = 'finished' AND ${condition} ORDER BY started_at DESC, id DESC LIMIT ${SESSIONS_LOOKED_AT}`;
    const { rows } = await new EntityTransaction(tx).execute(statement, [ownerId]);
    return rows.map(([units, ms]) => ({ units: Number(units), ms: Number(ms) })).filter(isTelling);
  }

  async prior(unit: PaceUnit, tx = this.db): Promise<PacePrior> {
    return (await tx.findOneBy(StudyPrior, { unit })) ?? START[unit];
  }
}
