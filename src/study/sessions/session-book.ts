import { Injectable } from '@nestjs/common';
import { EntityManager } from 'typeorm';
import { DaySums } from '../analytics/day-sums.js';
import { StudyDays } from '../analytics/study-days.js';
import { KeptEstimates } from '../estimates/kept-estimates.js';
import { Clock } from '../../platform/clock/clock.js';
import { insertRow } from '../../platform/database/insert-row.js';
import { rowLock } from '../../platform/database/row-lock.js';
import { NotFound } from '../../platform/problems/problems.js';
import { StudyInterval } from './study-interval.entity.js';
import { StudySession } from './study-session.entity.js';
import { Timer } from './timer.js';

/** Sessions as they are written: with their intervals, the sums of their days and what was expected of them, in one transaction. */
@Injectable()
export class SessionBook {
  constructor(
    private readonly clock: Clock,
    private readonly days: StudyDays,
    private readonly estimates: KeptEstimates,
  ) {}

  /** One's own, held until the transaction ends. */
  async open(tx: EntityManager, ownerId: string, id: string): Promise<Timer> {
    const session = await tx.findOne(StudySession, { where: { id, ownerId }, lock: rowLock(tx) });
    if (!session) throw new NotFound('study-session');
    return new Timer(session, await intervalsOf(tx, id));
  }

  async add(tx: EntityManager, { session, intervals }: Timer): Promise<void> {
    session.createdAt = session.updatedAt = this.clock.now();
    await insertRow(tx, StudySession, session);
    await insertRow(tx, StudyInterval, intervals);
    await this.days.add(tx, session.ownerId, new DaySums().add(session, intervals, this.days.localDays));
  }

  /** The work changes the timer; what that makes of the days is written with it. */
  async change(tx: EntityManager, timer: Timer, work: () => void | Promise<void>): Promise<void> {
    const { session } = timer;
    const sums = new DaySums().add(session, timer.intervals, this.days.localDays, -1);
    await work();
    sums.add(session, timer.intervals, this.days.localDays);
    Object.assign(session, { updatedAt: this.clock.now(), version: session.version + 1 });
    await tx.update(StudySession, { id: session.id }, { ...session });
    await tx.delete(StudyInterval, { sessionId: session.id });
    await insertRow(tx, StudyInterval, timer.intervals);
    await this.days.add(tx, session.ownerId, sums);
    await this.estimates.compare(tx, session);
  }

  async remove(tx: EntityManager, { session, intervals }: Timer): Promise<void> {
    await this.days.add(tx, session.ownerId, new DaySums().add(session, intervals, this.days.localDays, -1));
    await tx.delete(StudyInterval, { sessionId: session.id });
    await tx.delete(StudySession, { id: session.id });
  }
}

export function intervalsOf(db: EntityManager, sessionId: string): Promise<StudyInterval[]> {
  return db.find(StudyInterval, { where: { sessionId }, order: { number: 'ASC' } });
}
