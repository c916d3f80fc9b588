import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, MoreThan } from 'typeorm';
import { StudySession } from '../sessions/study-session.entity.js';
import { isTelling, logPace, type Measured, type Pace, paceAfter, type PacePrior, type PaceUnit, SESSIONS_LOOKED_AT, START } from './pace-model.js';
import { StudyPrior } from './study-prior.entity.js';

export interface ReaderPace {
  readonly pace: Pace;
  /** What the reader usually does in a session; undefined before the first. */
  readonly unitsASession: number | undefined;
}

const SOURCES = {
  word: { kind: 'reading', column: 'words' },
  page: { kind: 'reading', column: 'pages' },
  exercise: { kind: 'exercises', column: 'exercises' },
} as const;

/** What a session says about the pace in this unit. */
export function measuredIn(unit: PaceUnit, session: Pick<StudySession, 'kind' | 'status' | 'words' | 'pages' | 'exercises' | 'activeMs'>): Measured | undefined {
  const { kind, column } = SOURCES[unit];
  const measured = { units: session[column] ?? 0, ms: session.activeMs };
  return session.status === 'finished' && session.kind === kind && isTelling(measured) ? measured : undefined;
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
    const { kind, column } = SOURCES[unit];
    const found = await tx.find(StudySession, { where: { ownerId, status: 'finished', kind, [column]: MoreThan(0) }, order: { startedAt: 'DESC', id: 'DESC' }, take: SESSIONS_LOOKED_AT });
    return found.flatMap((session) => measuredIn(unit, session) ?? []);
  }

  async prior(unit: PaceUnit, tx = this.db): Promise<PacePrior> {
    return (await tx.findOneBy(StudyPrior, { unit })) ?? START[unit];
  }
}
