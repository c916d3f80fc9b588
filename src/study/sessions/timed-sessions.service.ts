import { Injectable } from '@nestjs/common';
import { CronExpression } from '@nestjs/schedule';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, LessThanOrEqual } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Clock } from '../../platform/clock/clock.js';
import { isDuplicate } from '../../platform/database/failures.js';
import { Sql } from '../../platform/database/sql.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { type JobReport, Jobs } from '../../platform/jobs/jobs.js';
import { KeptEstimates } from '../estimates/kept-estimates.js';
import { StudyDocuments } from '../study-documents.js';
import { StudyZones } from '../study-zones.js';
import { SessionBook } from './session-book.js';
import { SessionWork, type Work } from './session-work.js';
import { SessionOpen } from './sessions.problems.js';
import { StudyDesk } from './study-desk.js';
import { type SessionKind, StudySession } from './study-session.entity.js';
import { Timer } from './timer.js';

export interface SessionStart {
  readonly documentId?: string | null | undefined;
  readonly kind?: SessionKind | undefined;
  readonly note?: string | null | undefined;
}

export interface SessionFinish extends Work {
  readonly note?: string | null | undefined;
}

const SETTLED_AT_ONCE = 200;
/** Exactly the hot case: it runs, and time went on since the last beat. */
const BEAT = "UPDATE study_sessions SET last_beat_at = ?, idle_at = ? WHERE id = ? AND owner_id = ? AND status = 'running' AND idle_at > ? AND last_beat_at <= ?";

/** Sessions that the server times. */
@Injectable()
export class TimedSessions {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly desk: StudyDesk,
    private readonly book: SessionBook,
    private readonly work: SessionWork,
    private readonly documents: StudyDocuments,
    private readonly zones: StudyZones,
    private readonly estimates: KeptEstimates,
    jobs: Jobs,
  ) {
    jobs.define({ name: 'study.pause-idle', description: 'pauses study sessions whose heartbeats stayed away, at the last one', schedule: CronExpression.EVERY_MINUTE, run: () => this.pauseIdle() });
  }

  /** Of many starts at once the unique key on who has it open lets one through. */
  async start<T extends object>(actor: Actor, start: SessionStart, answer: (timer: Timer) => T, repeat?: IdempotentRequest): Promise<T> {
    const timeZone = await this.zones.of(actor);
    await this.settle(actor.id);
    for (;;) {
      try {
        return await this.desk.change(actor.id, async (tx, { idleMinutes }) => {
          const { documentId = null, kind = 'reading', note = null } = start;
          const document = documentId === null ? undefined : await this.documents.own(actor.id, documentId, tx);
          const timer = Timer.started(Object.assign(new StudySession(), { ownerId: actor.id, documentId, kind, note, timeZone }), this.clock.now(), idleMinutes);
          await this.book.add(tx, timer);
          await this.estimates.give(tx, timer.session, document);
          return answer(timer);
        }, repeat);
      } catch (error) {
        if (!isDuplicate(error, 'study_sessions_open') && !isDuplicate(error, 'study_sessions.open_for')) throw error;
      }
      const open = await this.openOf(actor.id);
      // Finished since: there is room now.
      if (open) throw new SessionOpen(open.id);
    }
  }

  pause(actor: Actor, id: string): Promise<Timer> {
    return this.change(actor, id, (timer) => timer.pause(this.clock.now()));
  }

  resume(actor: Actor, id: string): Promise<Timer> {
    return this.change(actor, id, (timer, idleMinutes) => timer.resume(this.clock.now(), idleMinutes));
  }

  async beat(actor: Actor, id: string): Promise<void> {
    const now = this.clock.now();
    const { idleMinutes } = await this.desk.profile(actor.id);
    const idleAt = new Date(now.getTime() + idleMinutes * 60_000);
    const { affected } = await this.sql.execute(BEAT, [now, idleAt, id, actor.id, now, now]);
    if (affected === 0) await this.change(actor, id, (timer) => timer.beat(now, idleMinutes));
  }

  async finish<T extends object>(actor: Actor, id: string, { note, ...done }: SessionFinish, answer: (timer: Timer) => T, repeat?: IdempotentRequest): Promise<T> {
    await this.settle(actor.id);
    return this.desk.change(actor.id, async (tx) => {
      const timer = await this.book.open(tx, actor.id, id);
      await this.book.change(tx, timer, async () => {
        const { session } = timer;
        timer.finish(this.clock.now());
        if (note !== undefined) session.note = note;
        await this.work.note(tx, session, done, await this.documents.ownOrNone(actor.id, session.documentId, tx));
      });
      return answer(timer);
    }, repeat);
  }

  /** Pauses the session of somebody whose beats stayed away. Whoever looks at it does this first. */
  async settle(ownerId: string): Promise<boolean> {
    const now = this.clock.now();
    const idle = await this.db.findOneBy(StudySession, { openFor: ownerId, status: 'running', idleAt: LessThanOrEqual(now) });
    if (!idle) return false;
    const { settled } = await this.desk.change(ownerId, async (tx) => {
      const timer = await this.book.open(tx, ownerId, idle.id);
      let settled = false;
      await this.book.change(tx, timer, () => void (settled = timer.settle(now)));
      return { settled };
    });
    return settled;
  }

  async pauseIdle(): Promise<JobReport> {
    for (let paused = 0; ; ) {
      const idle = await this.db.find(StudySession, { select: { id: true, ownerId: true }, where: { status: 'running', idleAt: LessThanOrEqual(this.clock.now()) }, take: SETTLED_AT_ONCE });
      for (const { ownerId } of idle) paused += (await this.settle(ownerId)) ? 1 : 0;
      if (idle.length < SETTLED_AT_ONCE) return { paused };
    }
  }

  openOf(ownerId: string): Promise<StudySession | null> {
    return this.db.findOneBy(StudySession, { openFor: ownerId });
  }

  private async change(actor: Actor, id: string, work: (timer: Timer, idleMinutes: number) => void): Promise<Timer> {
    await this.settle(actor.id);
    return this.desk.change(actor.id, async (tx, { idleMinutes }) => {
      const timer = await this.book.open(tx, actor.id, id);
      await this.book.change(tx, timer, () => work(timer, idleMinutes));
      return timer;
    });
  }
}
