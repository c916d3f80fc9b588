import type { IntervalEnd } from './study-interval.entity.js';
import { StudyInterval } from './study-interval.entity.js';
import type { StudySession } from './study-session.entity.js';
import { SessionTimesRefused } from './sessions.problems.js';
import { activeMsOf } from './timer.js';

const LONGEST_MS = 24 * 3_600_000;

export interface Times {
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

/** What a person says about time: forwards, in the past, and not longer than a day. */
export function demandTimes({ startedAt, finishedAt }: Times, now: Date): void {
  if (finishedAt <= startedAt) throw new SessionTimesRefused('backwards', 'finishedAt', 'A session finishes after it began.');
  if (finishedAt > now) throw new SessionTimesRefused('in-future', 'finishedAt', 'A session that is told afterwards lies in the past; start one instead.');
  if (finishedAt.getTime() - startedAt.getTime() > LONGEST_MS) throw new SessionTimesRefused('too-long', 'finishedAt', 'A session that is told afterwards has 24 hours at most.');
}

/** Makes a session finished, with these stretches in which time ran. */
export function finishedWith(session: StudySession, stretches: readonly Times[], endedBy: IntervalEnd): StudyInterval[] {
  const intervals = stretches.map(({ startedAt, finishedAt }, index) => Object.assign(new StudyInterval(), { sessionId: session.id, ownerId: session.ownerId, number: index + 1, startedAt, endedAt: finishedAt, endedBy }));
  const finishedAt = stretches.at(-1)!.finishedAt;
  Object.assign(session, { status: 'finished', openFor: null, idleAt: null, startedAt: stretches[0]!.startedAt, finishedAt, lastBeatAt: finishedAt, activeMs: activeMsOf(intervals) });
  return intervals;
}
