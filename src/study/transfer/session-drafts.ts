import type { StudyInterval } from '../sessions/study-interval.entity.js';
import { type SessionKind, StudySession } from '../sessions/study-session.entity.js';
import { finishedWith, type Times } from '../sessions/told-times.js';
import { Timer } from '../sessions/timer.js';

/** A session as it is brought from elsewhere. */
export interface SessionDraft {
  /** What tells it from all others where it comes from. */
  readonly importKey: string;
  readonly documentId: string | null;
  readonly kind: SessionKind;
  readonly timeZone: string;
  /** In their order, none overlapping another. */
  readonly stretches: readonly Times[];
  readonly firstPage: number | null;
  readonly lastPage: number | null;
  readonly pages: number | null;
  readonly words: number | null;
  readonly exercises: number | null;
  readonly note: string | null;
}

export function timerOf({ stretches, ...draft }: SessionDraft, ownerId: string, now: Date): Timer {
  const session = Object.assign(new StudySession(), draft, { ownerId, origin: 'imported', createdAt: now, updatedAt: now });
  return new Timer(session, finishedWith(session, stretches, 'told'));
}

export function stretchOf({ startedAt, endedAt }: StudyInterval, now: Date): Times {
  return { startedAt, finishedAt: endedAt ?? now };
}
