import { Exercise } from '../exercises/exercise.entity.js';
import { GRADES, MEMORY_STATES, memoryOf, newMemory, type ReviewGrade, toStored } from '../exercises/memory.js';
import { Review } from '../exercises/review.entity.js';
import type { FileRow } from './file-rows.js';
import type { ReadingTerms } from './read-sessions.js';

const MOST_PAGES = 100_000;
const MOST_COUNT = 1_000_000;
const MOST_DAYS = 40_000;

/** A line of a file of exercises; null where something is wrong with it. */
export function readExercise(row: FileRow, ownerId: string, { documents, now }: ReadingTerms): Exercise | null {
  const document = documents.find({ id: row.text('documentId', 36), sha256: row.text('documentSha256', 64), title: row.text('documentTitle', 300) });
  if (!document) row.wrong('documentId', 'document', 'names no document of yours, nor do documentSha256 and documentTitle; upload it first');
  const question = row.required('question', row.text('question', 4000));
  const [firstPage, lastPage] = [row.whole('firstPage', 1, document?.pages ?? MOST_PAGES), row.whole('lastPage', 1, document?.pages ?? MOST_PAGES)];
  if ((firstPage === null) !== (lastPage === null) || firstPage! > lastPage!) row.wrong('lastPage', 'pages', 'and firstPage must be there both or not at all, in their order');
  const blank = newMemory(now);
  const exercise = Object.assign(new Exercise(), {
    ownerId, documentId: document?.id ?? '', question: question ?? '', answer: row.text('answer', 4000), firstPage, lastPage, importKey: row.text('id', 100),
    state: row.word('state', MEMORY_STATES) ?? blank.state, dueAt: row.instant('dueAt') ?? blank.dueAt, stability: row.decimal('stability', 0, MOST_DAYS) ?? 0, difficulty: row.decimal('difficulty', 0, 10) ?? 0,
    scheduledDays: row.whole('scheduledDays', 0, MOST_DAYS) ?? 0, learningSteps: row.whole('learningSteps', 0, 100) ?? 0, repetitions: row.whole('repetitions', 0, MOST_COUNT) ?? 0,
    lapses: row.whole('lapses', 0, MOST_COUNT) ?? 0, reviewedAt: row.instant('reviewedAt'), reviews: row.whole('reviews', 0, MOST_COUNT) ?? 0, createdAt: row.instant('createdAt') ?? now, updatedAt: now,
  });
  // What was learned has a strength and a day; without them nothing could be scheduled from it.
  if (exercise.state !== 'new' && (exercise.stability <= 0 || exercise.difficulty < 1 || !exercise.reviewedAt)) row.wrong('state', 'memory', 'needs stability, difficulty and reviewedAt');
  return document && question ? exercise : null;
}

/** A line of a file of answers, to one of these exercises by the id that the file knows it by. */
export function readReview(row: FileRow, ownerId: string, exercises: ReadonlyMap<string, Pick<Exercise, 'id' | 'documentId'>>): Review | null {
  const exercise = exercises.get(row.text('exerciseId', 100) ?? '');
  if (!exercise) row.wrong('exerciseId', 'exercise', 'names no exercise of yours; import the exercises first');
  const number = row.required('number', row.whole('number', 1, MOST_COUNT));
  const grade = row.required('grade', row.whole('grade', GRADES[0], GRADES.at(-1)!)) as ReviewGrade | null;
  const reviewedAt = row.required('reviewedAt', row.instant('reviewedAt'));
  const dueAt = row.instant('dueAt') ?? reviewedAt;
  if (!exercise || number === null || grade === null || !reviewedAt || !dueAt) return null;
  return Object.assign(new Review(), {
    ownerId, exerciseId: exercise.id, documentId: exercise.documentId, number, grade, reviewedAt, dueAt, seconds: row.whole('seconds', 0, 86_400), state: row.word('state', MEMORY_STATES) ?? 'review',
    stability: row.decimal('stability', 0, MOST_DAYS) ?? 0, difficulty: row.decimal('difficulty', 0, 10) ?? 0, undoneAt: row.instant('undoneAt'), before: beforeOf(row, reviewedAt),
  });
}

/** The memory before, as it was exported; anything else would let an undo put nonsense into an exercise. */
function beforeOf(row: FileRow, reviewedAt: Date): Record<string, unknown> {
  const blank = newMemory(reviewedAt);
  const text = row.text('before', 2000);
  if (text === null) return toStored(blank);
  try {
    const memory = memoryOf(JSON.parse(text) as Record<string, unknown>);
    const numbers = [memory.stability, memory.difficulty, memory.scheduledDays, memory.learningSteps, memory.repetitions, memory.lapses];
    const isSound = MEMORY_STATES.includes(memory.state) && numbers.every((each) => Number.isFinite(each) && each >= 0 && each <= MOST_COUNT) && numbers.slice(2).every(Number.isInteger);
    if (isSound && (memory.state === 'new' || (memory.stability > 0 && memory.difficulty >= 1 && memory.difficulty <= 10 && memory.reviewedAt))) return toStored(memory);
  } catch {
    // Said below.
  }
  row.wrong('before', 'memory', 'is no memory as an export writes it');
  return toStored(blank);
}
