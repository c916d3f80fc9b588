import type { Document } from '../documents/document.entity.js';
import type { Exercise } from '../exercises/exercise.entity.js';
import type { Review } from '../exercises/review.entity.js';
import type { StudyInterval } from '../sessions/study-interval.entity.js';
import type { StudySession } from '../sessions/study-session.entity.js';

/** What can be had as a file and brought back. */
export const TRANSFERRED = ['sessions', 'exercises', 'reviews'] as const;
export type Transferred = (typeof TRANSFERRED)[number];

export type Line = Readonly<Record<string, string | number | null>>;
type Named = Pick<Document, 'title' | 'sha256'> | undefined;

/** The columns of each file, in their order; import reads the same names. */
export const COLUMNS: Readonly<Record<Transferred, readonly string[]>> = {
  sessions: ['id', 'documentId', 'documentTitle', 'documentSha256', 'kind', 'origin', 'timeZone', 'startedAt', 'finishedAt', 'activeSeconds', 'firstPage', 'lastPage', 'pages', 'words', 'exercises', 'note', 'intervals'],
  exercises: ['id', 'documentId', 'documentTitle', 'documentSha256', 'firstPage', 'lastPage', 'question', 'answer', 'state', 'dueAt', 'stability', 'difficulty', 'scheduledDays', 'learningSteps', 'repetitions', 'lapses', 'reviewedAt', 'reviews', 'createdAt'],
  reviews: ['id', 'exerciseId', 'documentId', 'number', 'grade', 'seconds', 'reviewedAt', 'state', 'dueAt', 'stability', 'difficulty', 'undoneAt', 'before'],
};

export function sessionLine(session: StudySession, intervals: readonly StudyInterval[], document: Named): Line {
  const { id, documentId, kind, origin, timeZone, startedAt, finishedAt, activeMs, firstPage, lastPage, pages, words, exercises, note } = session;
  const ended = intervals.filter((each) => each.endedAt !== null);
  return {
    id, documentId, documentTitle: document?.title ?? null, documentSha256: document?.sha256 ?? null, kind, origin, timeZone, startedAt: startedAt.toISOString(), finishedAt: finishedAt?.toISOString() ?? null,
    activeSeconds: activeMs / 1000, firstPage, lastPage, pages, words, exercises, note, intervals: ended.map((each) => `${each.startedAt.toISOString()}/${each.endedAt!.toISOString()}`).join(' '),
  };
}

export function exerciseLine(exercise: Exercise, document: Named): Line {
  const { id, documentId, firstPage, lastPage, question, answer, state, dueAt, stability, difficulty, scheduledDays, learningSteps, repetitions, lapses, reviewedAt, reviews, createdAt } = exercise;
  return {
    id, documentId, documentTitle: document?.title ?? null, documentSha256: document?.sha256 ?? null, firstPage, lastPage, question, answer, state, dueAt: dueAt.toISOString(), stability, difficulty,
    scheduledDays, learningSteps, repetitions, lapses, reviewedAt: reviewedAt?.toISOString() ?? null, reviews, createdAt: createdAt.toISOString(),
  };
}

export function reviewLine({ id, exerciseId, documentId, number, grade, seconds, reviewedAt, state, dueAt, stability, difficulty, undoneAt, before }: Review): Line {
  return { id, exerciseId, documentId, number, grade, seconds, reviewedAt: reviewedAt.toISOString(), state, dueAt: dueAt.toISOString(), stability, difficulty, undoneAt: undoneAt?.toISOString() ?? null, before: JSON.stringify(before) };
}
