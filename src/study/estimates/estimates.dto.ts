import type { Accuracy, Compared } from './accuracy.js';
import type { DocumentEstimate, Left } from './estimates.service.js';
import { CONFIDENCE, type PaceUnit } from './pace-model.js';

/** Half of such estimates fall below `expectedSeconds`, one in ten below `lowSeconds`, one in ten above `highSeconds`. */
export class TimeLeftDto {
  /** Words, pages where the document is a scan, or exercises. */
  unit!: PaceUnit;
  /** How many are left. */
  units!: number;
  lowSeconds!: number;
  expectedSeconds!: number;
  highSeconds!: number;
  /** On how many of the caller's sessions this rests, 250 at most; with 0 it is what is known of all readers. */
  sessions!: number;

  static of({ unit, units, seconds: { low, expected, high }, sessions }: Left): TimeLeftDto {
    return { unit, units, lowSeconds: Math.round(low), expectedSeconds: Math.round(expected), highSeconds: Math.round(high), sessions };
  }
}

export class HabitDto {
  minutesADay!: number;
  /** The document's last four weeks, those of all documents where it has none, else the daily goal. */
  from!: 'document' | 'all-documents' | 'goal';
}

export class FinishDatesDto {
  earliest!: string;
  expected!: string;
  latest!: string;
}

export class DocumentEstimateDto {
  documentId!: string;
  /** The last page that was finished. */
  progressPage!: number;
  pages!: number;
  /** The share of outcomes between low and high. */
  confidence!: number;
  reading!: TimeLeftDto;
  /** Of exercises that were never answered; null where there are none. */
  exercises!: TimeLeftDto | null;
  /** How much is studied a day; null where nothing says. */
  habit!: HabitDto | null;
  /** When reading is done at that rate, today included; null without a habit, or where it is not within ten years. */
  finish!: FinishDatesDto | null;

  static of({ document: { id, progressPage, pages }, reading, exercises, habit, finish }: DocumentEstimate): DocumentEstimateDto {
    return { documentId: id, progressPage, pages, confidence: CONFIDENCE, reading: TimeLeftDto.of(reading), exercises: exercises && TimeLeftDto.of(exercises), habit: habit && { minutesADay: Math.round(habit.minutesADay * 10) / 10, from: habit.from }, finish };
  }
}

/** What was expected of a session when it began, and what came. */
export class ComparedEstimateDto {
  sessionId!: string;
  unit!: PaceUnit;
  givenAt!: string;
  /** On how many sessions it rested. */
  restedOn!: number;
  units!: number;
  seconds!: number;
  /** What these units should have taken. */
  expectedSeconds!: number;
  covered!: boolean;

  static of({ sessionId, unit, givenAt, sessions, units, activeMs, error, covered }: Compared): ComparedEstimateDto {
    const seconds = activeMs! / 1000;
    return { sessionId, unit, givenAt: givenAt.toISOString(), restedOn: sessions, units: units!, seconds: Math.round(seconds), expectedSeconds: Math.round(seconds / Math.exp(error!)), covered: Boolean(covered) };
  }
}

export class AccuracyDto {
  /** The share of sessions that should lie within their interval. */
  confidence!: number;
  /** How many sessions were compared, 500 at most. */
  compared!: number;
  /** The share that did lie within it. */
  coverage!: number | null;
  /** Half of the sessions were off by less than this share of what was expected. */
  medianError!: number | null;
  /** How much longer sessions took than expected, as a share; below 0 where they were shorter. */
  bias!: number | null;
  /** The last 20. */
  latest!: ComparedEstimateDto[];

  static of({ confidence, compared, coverage, medianError, bias, latest }: Accuracy): AccuracyDto {
    return { confidence, compared, coverage, medianError, bias, latest: latest.map((each) => ComparedEstimateDto.of(each)) };
  }
}
