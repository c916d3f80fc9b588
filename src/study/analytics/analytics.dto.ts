import { IsString, Length } from 'class-validator';
import { IfGiven } from '../../platform/http/if-given.js';
import type { Analytics, Named } from './analytics.service.js';
import type { Measures } from './day-sums.js';
import { heatLevels, msOf, perHour } from './study-figures.js';

export class AnalyticsQueryDto {
  /** The first day, 29 days before the last one by default. @example '2026-02-01' */
  @IfGiven() @IsString() @Length(10, 10)
  from?: string;

  /** The last day, today in the caller's zone by default; 366 days at most. @example '2026-03-02' */
  @IfGiven() @IsString() @Length(10, 10)
  to?: string;
}

export class StudyTimeDto {
  /** Sessions that began. */
  sessions!: number;
  seconds!: number;
  readingSeconds!: number;
  exerciseSeconds!: number;
  pages!: number;
  words!: number;
  exercises!: number;
  /** Over the time of which the pages are known; null where there was none. */
  pagesPerHour!: number | null;
  /** Over the time of which the words are known; null where there was none. */
  wordsPerHour!: number | null;

  static of(measures: Measures): StudyTimeDto {
    const { sessions, readingMs, exerciseMs, pagedMs, pages, wordedMs, words, exercises } = measures;
    return {
      sessions, pages, words, exercises, seconds: seconds(msOf(measures)), readingSeconds: seconds(readingMs), exerciseSeconds: seconds(exerciseMs),
      pagesPerHour: rounded(perHour(pages, pagedMs)), wordsPerHour: rounded(perHour(words, wordedMs)),
    };
  }
}

export class StudyDayDto extends StudyTimeDto {
  day!: string;
  /** From 0, nothing, to 4: in which quarter of the studied days of this range it lies, for a calendar. */
  heat!: number;
}

export class NamedStudyTimeDto extends StudyTimeDto {
  /** Null for what belongs to none. */
  id!: string | null;
  /** Null for what is gone. */
  name!: string | null;

  static named({ id, name, ...measures }: Named): NamedStudyTimeDto {
    return { id, name, ...StudyTimeDto.of(measures) };
  }
}

export class StreakDto {
  /** Days in a row up to today, or to yesterday while nothing was studied today. */
  current!: number;
  longest!: number;
}

export class GoalDto {
  dailyMinutes!: number;
  /** Days of this range on which it was reached. */
  daysMet!: number;
  todayMinutes!: number;
}

export class AnalyticsDto {
  from!: string;
  to!: string;
  timeZone!: string;
  total!: StudyTimeDto;
  /** Every day of the range. */
  days!: StudyDayDto[];
  topics!: NamedStudyTimeDto[];
  documents!: NamedStudyTimeDto[];
  streak!: StreakDto;
  goal!: GoalDto | null;

  static of({ from, to, timeZone, total, days, topics, documents, streak, goal }: Analytics): AnalyticsDto {
    const levels = heatLevels(days.map(msOf));
    return {
      from, to, timeZone, streak, goal, total: StudyTimeDto.of(total), days: days.map((each, index) => ({ day: each.day, heat: levels[index]!, ...StudyTimeDto.of(each) })),
      topics: topics.map((each) => NamedStudyTimeDto.named(each)), documents: documents.map((each) => NamedStudyTimeDto.named(each)),
    };
  }
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}

function rounded(rate: number | null): number | null {
  return rate === null ? null : Math.round(rate * 10) / 10;
}
