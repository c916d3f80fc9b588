import { SessionFinished, SessionPaused } from './sessions.problems.js';
import { type IntervalEnd, StudyInterval } from './study-interval.entity.js';
import type { StudySession } from './study-session.entity.js';

const MINUTE = 60_000;

/**
 * A session and its intervals, oldest first: running, paused, finished. Its own time never runs backwards: an instant
 * before the last beat is taken for that beat, whatever the server's clock does.
 */
export class Timer {
  constructor(
    readonly session: StudySession,
    readonly intervals: StudyInterval[],
  ) {}

  static started(session: StudySession, now: Date, idleMinutes: number): Timer {
    const timer = new Timer(Object.assign(session, { status: 'paused', openFor: session.ownerId, startedAt: now, lastBeatAt: now }), []);
    timer.resume(now, idleMinutes);
    return timer;
  }

  /** Pauses at the last beat a session whose beats stayed away; whether they did. */
  settle(now: Date): boolean {
    const { idleAt } = this.session;
    if (!this.open || idleAt === null || now < idleAt) return false;
    this.close(this.session.lastBeatAt, 'idle');
    return true;
  }

  beat(now: Date, idleMinutes: number): void {
    this.settle(now);
    this.demandOpen();
    if (!this.open) throw new SessionPaused();
    this.touch(now, idleMinutes);
  }

  /** Pausing what is paused changes nothing. */
  pause(now: Date): void {
    this.settle(now);
    this.demandOpen();
    if (this.open) this.close(this.at(now), 'pause');
  }

  /** Resuming what runs is a beat. */
  resume(now: Date, idleMinutes: number): void {
    this.settle(now);
    this.demandOpen();
    if (!this.open) this.intervals.push(Object.assign(new StudyInterval(), { sessionId: this.session.id, ownerId: this.session.ownerId, number: this.intervals.length + 1, startedAt: this.at(now) }));
    this.session.status = 'running';
    this.touch(now, idleMinutes);
  }

  /** What was paused is finished when it was paused. */
  finish(now: Date): void {
    this.settle(now);
    this.demandOpen();
    if (this.open) this.close(this.at(now), 'finish');
    Object.assign(this.session, { status: 'finished', openFor: null, finishedAt: this.intervals.at(-1)!.endedAt });
  }

  private touch(now: Date, idleMinutes: number): void {
    const at = this.at(now);
    Object.assign(this.session, { lastBeatAt: at, idleAt: new Date(at.getTime() + idleMinutes * MINUTE) });
  }

  private close(at: Date, endedBy: IntervalEnd): void {
    Object.assign(this.open!, { endedAt: at, endedBy });
    Object.assign(this.session, { status: 'paused', lastBeatAt: at, idleAt: null, activeMs: activeMsOf(this.intervals) });
  }

  private demandOpen(): void {
    if (this.session.status === 'finished') throw new SessionFinished();
  }

  private get open(): StudyInterval | undefined {
    const last = this.intervals.at(-1);
    return last?.endedAt === null ? last : undefined;
  }

  private at(now: Date): Date {
    return now > this.session.lastBeatAt ? now : this.session.lastBeatAt;
  }
}

/** Of those that have ended. */
export function activeMsOf(intervals: readonly Pick<StudyInterval, 'startedAt' | 'endedAt'>[]): number {
  return intervals.reduce((sum, { startedAt, endedAt }) => sum + (endedAt ? endedAt.getTime() - startedAt.getTime() : 0), 0);
}
