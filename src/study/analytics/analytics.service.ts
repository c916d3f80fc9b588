import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { Between, EntityManager, In } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Clock } from '../../platform/clock/clock.js';
import { daysBetween, isDay, lastDays } from '../../platform/clock/days.js';
import { Sql } from '../../platform/database/sql.js';
import { ValidationFailed } from '../../platform/problems/problems.js';
import { Document } from '../documents/document.entity.js';
import { StudyDesk } from '../sessions/study-desk.js';
import { TimedSessions } from '../sessions/timed-sessions.service.js';
import { StudyZones } from '../study-zones.js';
import { Topic } from '../topics/topic.entity.js';
import type { Measures } from './day-sums.js';
import { StudyDay } from './study-day.entity.js';
import { StudyDays } from './study-days.js';
import { eachDay, type Goal, goalOf, type Streak, streakOf, totalOf, totalsBy } from './study-figures.js';

export const MOST_DAYS = 366;
const SHOWN_DAYS = 30;
const NAMES_AT_ONCE = 500;

interface DayRange {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface Named extends Measures {
  /** Null for what has none, or had one that is gone. */
  readonly id: string | null;
  readonly name: string | null;
}

export interface Analytics {
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
  readonly total: Measures;
  readonly days: readonly (Measures & { day: string })[];
  readonly topics: readonly Named[];
  readonly documents: readonly Named[];
  readonly streak: Streak;
  readonly goal: Goal | null;
}

/** What somebody studied, from the sums of the days. */
@Injectable()
export class AnalyticsService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly desk: StudyDesk,
    private readonly timed: TimedSessions,
    private readonly studyDays: StudyDays,
    private readonly zones: StudyZones,
  ) {}

  async of(actor: Actor, asked: DayRange): Promise<Analytics> {
    await this.timed.settle(actor.id);
    const timeZone = await this.zones.of(actor);
    const today = this.studyDays.localDays.at(this.clock.millis(), timeZone).day;
    const { from, to } = rangeOf(asked, today);
    const sums = await this.db.findBy(StudyDay, { ownerId: actor.id, day: Between(from, to) });
    const days = eachDay(sums, from, to);
    const documents = totalsBy(sums, ({ documentId }) => documentId);
    const known = await this.known([...documents.keys()], actor.id);
    const topics = totalsBy(sums, ({ documentId }) => known.get(documentId)?.topicId ?? '');
    const names = await this.topicNames([...topics.keys()], actor.id);
    const { dailyGoalMinutes } = await this.desk.profile(actor.id);
    return {
      from, to, timeZone, days, total: totalOf(sums),
      documents: named(documents, (id) => known.get(id)?.title),
      topics: named(topics, (id) => names.get(id)),
      streak: streakOf(await this.studiedDays(actor.id), today),
      goal: dailyGoalMinutes === null ? null : goalOf(days, dailyGoalMinutes, totalOf(await this.db.findBy(StudyDay, { ownerId: actor.id, day: today }))),
    };
  }

  private async studiedDays(ownerId: string): Promise<string[]> {
    const { rows } = await this.sql.execute('SELECT DISTINCT day FROM study_days WHERE owner_id = ? AND reading_ms + exercise_ms > 0 ORDER BY day', [ownerId]);
    return rows.map(([day]) => day as string);
  }

  private async known(ids: readonly string[], ownerId: string): Promise<Map<string, Document>> {
    const found = new Map<string, Document>();
    for (let start = 0; start < ids.length; start += NAMES_AT_ONCE) {
      const documents = await this.db.find(Document, { select: { id: true, title: true, topicId: true }, where: { ownerId, id: In(ids.slice(start, start + NAMES_AT_ONCE)) } });
      for (const document of documents) found.set(document.id, document);
    }
    return found;
  }

  private async topicNames(ids: readonly string[], ownerId: string): Promise<Map<string, string>> {
    const topics = await this.db.find(Topic, { select: { id: true, name: true }, where: { ownerId, id: In(ids.filter(Boolean)) } });
    return new Map(topics.map(({ id, name }) => [id, name]));
  }
}

/** Longest studied first. A document that is gone still has its line, without a name. */
function named(totals: ReadonlyMap<string, Measures>, nameOf: (id: string) => string | undefined): Named[] {
  const lines = [...totals].map(([id, total]) => ({ id: id || null, name: nameOf(id) ?? null, ...total }));
  return lines.sort((a, b) => b.readingMs + b.exerciseMs - a.readingMs - a.exerciseMs);
}

function rangeOf({ from: first, to: last }: DayRange, today: string): { from: string; to: string } {
  for (const [pointer, day] of [['from', first], ['to', last]] as const) if (day !== undefined && !isDay(day)) refuse(pointer, `${pointer} must be a day such as 2026-03-02.`);
  const to = last ?? today;
  const from = first ?? lastDays(to, SHOWN_DAYS);
  const length = daysBetween(from, to);
  if (length < 1) refuse('from', 'from must not be after to.');
  if (length > MOST_DAYS) refuse('from', `Ask for ${MOST_DAYS} days at most.`);
  return { from, to };
}

function refuse(pointer: string, detail: string): never {
  throw new ValidationFailed([{ pointer, code: 'days', detail }]);
}
