import { Temporal } from 'temporal-polyfill';
import { type Card, fsrs, State } from 'ts-fsrs';
import type { LocalDays } from '../../platform/clock/local-days.js';

export const MEMORY_STATES = ['new', 'learning', 'review', 'relearning'] as const;
export type MemoryState = (typeof MEMORY_STATES)[number];

/** Forgotten, hard, good, easy. */
export const GRADES = [1, 2, 3, 4] as const;
export type ReviewGrade = (typeof GRADES)[number];

/** How well an exercise is known, and when it is asked again. */
export interface Memory {
  readonly state: MemoryState;
  readonly dueAt: Date;
  /** Days until it is remembered with a probability of 0.9. */
  readonly stability: number;
  /** From 1 to 10. */
  readonly difficulty: number;
  readonly scheduledDays: number;
  readonly learningSteps: number;
  readonly repetitions: number;
  readonly lapses: number;
  readonly reviewedAt: Date | null;
}

const STATES: Readonly<Record<MemoryState, State>> = { new: State.New, learning: State.Learning, review: State.Review, relearning: State.Relearning };

/** Without chance: the same answers lead to the same days. */
const SCHEDULER = fsrs({ enable_fuzz: false });

export function newMemory(now: Date): Memory {
  return { state: 'new', dueAt: now, stability: 0, difficulty: 0, scheduledDays: 0, learningSteps: 0, repetitions: 0, lapses: 0, reviewedAt: null };
}

/**
 * After an answer. Days are those of the learner's zone: the scheduler counts days of UTC, so it is told the time on the
 * learner's wall. What is due on a day is due from its midnight, and what is due in minutes after so many minutes.
 */
export function graded(memory: Memory, grade: ReviewGrade, now: Date, zone: string, days: LocalDays): Memory {
  // A clock that went back must not make an exercise be known for less than no time.
  const at = memory.reviewedAt && memory.reviewedAt > now ? memory.reviewedAt : now;
  const wall = onTheWall(at, zone);
  const { card } = SCHEDULER.next(cardOf(memory, zone), wall, grade);
  return {
    state: MEMORY_STATES.find((each) => STATES[each] === card.state)!,
    dueAt: card.scheduled_days > 0 ? midnightAfter(card.scheduled_days, at, zone, days) : new Date(at.getTime() + card.due.getTime() - wall.getTime()),
    stability: card.stability,
    difficulty: card.difficulty,
    scheduledDays: card.scheduled_days,
    learningSteps: card.learning_steps,
    repetitions: card.reps,
    lapses: card.lapses,
    reviewedAt: at,
  };
}

/** The memory alone, of a row that holds it among other things, or as it was stored. */
export function memoryOf(row: Memory | Record<string, unknown>): Memory {
  const { state, dueAt, stability, difficulty, scheduledDays, learningSteps, repetitions, lapses, reviewedAt } = row as Memory;
  return { state, dueAt: new Date(dueAt), stability, difficulty, scheduledDays, learningSteps, repetitions, lapses, reviewedAt: reviewedAt && new Date(reviewedAt) };
}

/** As plain JSON. */
export function toStored(memory: Memory): Record<string, unknown> {
  return { ...memory, dueAt: memory.dueAt.toISOString(), reviewedAt: memory.reviewedAt?.toISOString() ?? null };
}

function cardOf({ state, dueAt, stability, difficulty, scheduledDays, learningSteps, repetitions, lapses, reviewedAt }: Memory, zone: string): Card {
  const card = { due: dueAt, stability, difficulty, elapsed_days: 0, scheduled_days: scheduledDays, learning_steps: learningSteps, reps: repetitions, lapses, state: STATES[state] };
  return reviewedAt ? { ...card, last_review: onTheWall(reviewedAt, zone) } : card;
}

function onTheWall(at: Date, zone: string): Date {
  const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone);
  return new Date(at.getTime() + offsetNanoseconds / 1e6);
}

function midnightAfter(count: number, at: Date, zone: string, days: LocalDays): Date {
  const { day } = days.at(at.getTime(), zone);
  return new Date(Temporal.PlainDate.from(day).add({ days: count }).toZonedDateTime(zone).epochMilliseconds);
}
