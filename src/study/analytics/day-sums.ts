import type { LocalDays } from '../../platform/clock/local-days.js';
import type { StudyInterval } from '../sessions/study-interval.entity.js';
import type { StudySession } from '../sessions/study-session.entity.js';
import { NO_DOCUMENT } from './study-day.entity.js';

export const MEASURES = ['sessions', 'readingMs', 'exerciseMs', 'pagedMs', 'pages', 'wordedMs', 'words', 'exercises'] as const;
export type Measure = (typeof MEASURES)[number];
export type Measures = Record<Measure, number>;

type Studied = Pick<StudySession, 'documentId' | 'kind' | 'timeZone' | 'pages' | 'words' | 'exercises'>;
type Stretch = Pick<StudyInterval, 'startedAt' | 'endedAt'>;

export interface DaySum extends Measures {
  readonly day: string;
  readonly documentId: string;
}

/** Sums of study time by local day and document, of one person. */
export class DaySums {
  private readonly sums = new Map<string, DaySum>();

  /** Adds what a session contributes, or with -1 takes it away. What still runs contributes nothing yet. */
  add(session: Studied, intervals: readonly Stretch[], days: LocalDays, sign: 1 | -1 = 1): this {
    const documentId = session.documentId ?? NO_DOCUMENT;
    const ms = msByDay(intervals, session.timeZone, days);
    const isReading = session.kind === 'reading';
    const shares = [...ms.values()];
    const [pages, words, exercises] = [session.pages, session.words, session.exercises].map((amount) => spread(amount ?? 0, shares));
    [...ms].forEach(([day, length], index) => {
      const sum = this.sumOf(day, documentId);
      const grow = (measure: Measure, by: number): void => void (sum[measure] += sign * by);
      grow('sessions', index === 0 ? 1 : 0);
      grow(isReading ? 'readingMs' : 'exerciseMs', length);
      if (isReading && session.pages !== null) grow('pagedMs', length);
      if (isReading && session.words !== null) grow('wordedMs', length);
      grow('pages', pages![index]!);
      grow('words', words![index]!);
      grow('exercises', exercises![index]!);
    });
    return this;
  }

  /** Those that are not zero, in the order of their keys: whoever writes them locks rows in one order. */
  rows(): DaySum[] {
    const rows = [...this.sums.values()].filter((sum) => MEASURES.some((measure) => sum[measure] !== 0));
    return rows.sort((a, b) => (a.day + a.documentId < b.day + b.documentId ? -1 : 1));
  }

  private sumOf(day: string, documentId: string): DaySum {
    const key = day + documentId;
    let sum = this.sums.get(key);
    if (!sum) this.sums.set(key, sum = { day, documentId, sessions: 0, readingMs: 0, exerciseMs: 0, pagedMs: 0, pages: 0, wordedMs: 0, words: 0, exercises: 0 });
    return sum;
  }
}

/** Cut at midnights of the zone. A stretch without length still has a day. */
function msByDay(intervals: readonly Stretch[], zone: string, days: LocalDays): Map<string, number> {
  const byDay = new Map<string, number>();
  for (const { startedAt, endedAt } of intervals) {
    if (!endedAt) continue;
    const end = endedAt.getTime();
    for (let from = startedAt.getTime(), isFirst = true; isFirst || from < end; isFirst = false) {
      const { day, endsAt } = days.at(from, zone);
      const to = Math.min(end, endsAt);
      byDay.set(day, (byDay.get(day) ?? 0) + to - from);
      from = to;
    }
  }
  return byDay;
}

/** A whole number in whole parts, in proportion to the shares; together they are the number again. */
function spread(amount: number, shares: readonly number[]): number[] {
  const total = shares.reduce((sum, share) => sum + share, 0);
  let [passed, given] = [0, 0];
  return shares.map((share, index) => {
    passed += share;
    const upToHere = total === 0 || index === shares.length - 1 ? amount : Math.round((amount * passed) / total);
    const part = upToHere - given;
    given = upToHere;
    return part;
  });
}
