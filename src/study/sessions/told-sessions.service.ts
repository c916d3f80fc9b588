import { Injectable } from '@nestjs/common';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { AuditService } from '../../audit/audit.service.js';
import { Clock } from '../../platform/clock/clock.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { StaleVersion } from '../../platform/problems/problems.js';
import { StudyDocuments } from '../study-documents.js';
import { StudyZones } from '../study-zones.js';
import { overlapping } from './overlaps.js';
import { SessionBook } from './session-book.js';
import { SessionWork, type Work } from './session-work.js';
import { SessionNotFinished, SessionOverlaps } from './sessions.problems.js';
import { StudyDesk } from './study-desk.js';
import { type SessionKind, StudySession } from './study-session.entity.js';
import { Timer } from './timer.js';
import { demandTimes, finishedWith, type Times } from './told-times.js';

export interface ToldSession extends Times, Work {
  readonly documentId?: string | null | undefined;
  readonly kind?: SessionKind | undefined;
  readonly note?: string | null | undefined;
}

export type SessionChange = Partial<ToldSession>;

/** What a person says about their study time, afterwards. */
@Injectable()
export class ToldSessions {
  constructor(
    private readonly clock: Clock,
    private readonly desk: StudyDesk,
    private readonly book: SessionBook,
    private readonly work: SessionWork,
    private readonly documents: StudyDocuments,
    private readonly zones: StudyZones,
    private readonly audit: AuditService,
  ) {}

  async add<T extends object>(actor: Actor, told: ToldSession, answer: (timer: Timer) => T, repeat?: IdempotentRequest): Promise<T> {
    const timeZone = await this.zones.of(actor);
    demandTimes(told, this.clock.now());
    return this.desk.change(actor.id, async (tx) => {
      await demandFree(tx, actor.id, told);
      const { documentId = null, kind = 'reading', note = null } = told;
      const document = documentId === null ? undefined : await this.documents.own(actor.id, documentId, tx);
      const session = Object.assign(new StudySession(), { ownerId: actor.id, documentId, kind, note, timeZone, origin: 'manual' });
      const timer = new Timer(session, finishedWith(session, [told], 'told'));
      await this.work.note(tx, session, told, document);
      await this.book.add(tx, timer);
      await this.audit.record(tx, actor, 'study-sessions.add', session.id, { after: shown(session) });
      return answer(timer);
    }, repeat);
  }

  /** What a person says about time is marked as said by a person, also where the server had timed it. */
  update(actor: Actor, id: string, change: SessionChange, ifVersion?: number): Promise<Timer> {
    return this.desk.change(actor.id, async (tx) => {
      const timer = await this.book.open(tx, actor.id, id);
      const { session } = timer;
      if (ifVersion !== undefined && ifVersion !== session.version) throw new StaleVersion(session.version);
      if (session.status !== 'finished') throw new SessionNotFinished();
      const before = shown(session);
      await this.book.change(tx, timer, async () => {
        if (change.startedAt !== undefined || change.finishedAt !== undefined) await this.retime(tx, timer, change);
        if (change.note !== undefined) session.note = change.note;
        if (change.documentId !== undefined) session.documentId = change.documentId && (await this.documents.own(actor.id, change.documentId, tx)).id;
        if (change.kind !== undefined) session.kind = change.kind;
        if (redone(change)) await this.work.note(tx, session, workOf(session, change), await this.documents.ownOrNone(actor.id, session.documentId, tx));
      });
      await this.audit.record(tx, actor, 'study-sessions.update', id, { before, after: shown(session) });
      return timer;
    });
  }

  remove(actor: Actor, id: string): Promise<StudySession> {
    return this.desk.change(actor.id, async (tx) => {
      const timer = await this.book.open(tx, actor.id, id);
      await this.book.remove(tx, timer);
      await this.audit.record(tx, actor, 'study-sessions.delete', id, { before: shown(timer.session) });
      return timer.session;
    });
  }

  private async retime(tx: EntityManager, timer: Timer, { startedAt = timer.session.startedAt, finishedAt = timer.session.finishedAt! }: SessionChange): Promise<void> {
    const { session, intervals } = timer;
    demandTimes({ startedAt, finishedAt }, this.clock.now());
    await demandFree(tx, session.ownerId, { startedAt, finishedAt }, session.id);
    intervals.splice(0, intervals.length, ...finishedWith(session, [{ startedAt, finishedAt }], 'told'));
    session.origin = 'manual';
  }
}

async function demandFree(tx: EntityManager, ownerId: string, times: Times, exceptId?: string): Promise<void> {
  const taken = await overlapping(tx, ownerId, times, exceptId);
  if (taken !== undefined) throw new SessionOverlaps(taken);
}

/** Whether figures that follow from what was done have to be found anew. */
function redone({ documentId, kind, firstPage, lastPage, pages, exercises }: SessionChange): boolean {
  return [documentId, kind, firstPage, lastPage, pages, exercises].some((each) => each !== undefined);
}

/** What stays unsaid stays as it was; another range brings its own number of pages, another kind its own figures. */
function workOf(session: StudySession, change: SessionChange): Work {
  if (session.kind === 'exercises') return { firstPage: change.firstPage, lastPage: change.lastPage, pages: change.pages, exercises: change.exercises ?? session.exercises };
  const isMoved = change.firstPage !== undefined || change.lastPage !== undefined;
  const { firstPage = session.firstPage, lastPage = session.lastPage, pages = isMoved ? null : session.pages, exercises = session.exercises } = change;
  return { firstPage, lastPage, pages, exercises };
}

function shown({ documentId, kind, origin, startedAt, finishedAt, activeMs, firstPage, lastPage, pages, words, exercises }: StudySession): Record<string, unknown> {
  return { documentId, kind, origin, startedAt: startedAt.toISOString(), finishedAt: finishedAt?.toISOString() ?? null, activeMs, firstPage, lastPage, pages, words, exercises };
}
