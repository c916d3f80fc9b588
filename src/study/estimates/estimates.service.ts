import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { Between, EntityManager, IsNull, Not } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { NO_DOCUMENT, StudyDay } from '../analytics/study-day.entity.js';
import { StudyDays } from '../analytics/study-days.js';
import { msOf } from '../analytics/study-figures.js';
import type { Document } from '../documents/document.entity.js';
import { Exercise } from '../exercises/exercise.entity.js';
import { Clock } from '../../platform/clock/clock.js';
import { daysBetween, lastDays } from '../../platform/clock/days.js';
import { StudyDesk } from '../sessions/study-desk.js';
import { TimedSessions } from '../sessions/timed-sessions.service.js';
import { StudyDocuments } from '../study-documents.js';
import { StudyZones } from '../study-zones.js';
import { type Accuracy, accuracyOf } from './accuracy.js';
import { type FinishDates, finishDates } from './finish-dates.js';
import { type PaceUnit, secondsLeft, type Span } from './pace-model.js';
import { Paces } from './paces.js';
import { StudyEstimate } from './study-estimate.entity.js';

const HABIT_DAYS = 28;
const LEAST_HABIT_DAYS = 7;
const MS_A_MINUTE = 60_000;
/** Of a reader who never finished a session: half an hour at the pace of the prior. */
const FIRST_SESSION_SECONDS = 1800;
const COMPARED = 500;

/** So many units are left, and how long they take. */
export interface Left {
  readonly unit: PaceUnit;
  readonly units: number;
  readonly seconds: Span;
  /** Of the reader, in this unit. */
  readonly sessions: number;
}

export interface Habit {
  readonly minutesADay: number;
  /** This document's last weeks, all documents' last weeks, or the goal where there is neither. */
  readonly from: 'document' | 'all-documents' | 'goal';
}

export interface DocumentEstimate {
  readonly document: Document;
  readonly reading: Left;
  /** Of exercises that were never answered; null where there are none. */
  readonly exercises: Left | null;
  readonly habit: Habit | null;
  readonly finish: FinishDates | null;
}

@Injectable()
export class EstimatesService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    private readonly paces: Paces,
    private readonly documents: StudyDocuments,
    private readonly desk: StudyDesk,
    private readonly timed: TimedSessions,
    private readonly days: StudyDays,
    private readonly zones: StudyZones,
  ) {}

  async of(actor: Actor, documentId: string): Promise<DocumentEstimate> {
    const document = await this.documents.own(actor.id, documentId);
    await this.timed.settle(actor.id);
    const { pages, words } = await this.documents.remaining(document);
    const reading = words === null ? await this.left(actor.id, 'page', pages) : await this.left(actor.id, 'word', words);
    const open = await this.db.countBy(Exercise, { ownerId: actor.id, documentId, state: 'new' });
    const today = this.days.localDays.at(this.clock.millis(), await this.zones.of(actor)).day;
    const habit = await this.habit(actor.id, documentId, today);
    return { document, reading, exercises: open === 0 ? null : await this.left(actor.id, 'exercise', open), habit, finish: habit && finishDates(today, reading.seconds, habit.minutesADay) };
  }

  /** Of what was expected when sessions began, the newest. */
  async accuracy(actor: Actor): Promise<Accuracy> {
    const compared = await this.db.find(StudyEstimate, { where: { ownerId: actor.id, error: Not(IsNull()) }, order: { givenAt: 'DESC' }, take: COMPARED });
    return accuracyOf(compared);
  }

  private async left(ownerId: string, unit: PaceUnit, units: number): Promise<Left> {
    const { pace, unitsASession = FIRST_SESSION_SECONDS / Math.exp(pace.mean) } = await this.paces.of(ownerId, unit);
    return { unit, units, seconds: secondsLeft(units, unitsASession, pace), sessions: pace.sessions };
  }

  private async habit(ownerId: string, documentId: string, today: string): Promise<Habit | null> {
    const recent = await this.db.findBy(StudyDay, { ownerId, day: Between(lastDays(today, HABIT_DAYS), today) });
    const ofDocument = minutesADay(recent.filter((each) => each.documentId === documentId), today);
    if (ofDocument > 0) return { minutesADay: ofDocument, from: 'document' };
    const ofAll = minutesADay(recent.filter((each) => each.documentId !== NO_DOCUMENT), today);
    if (ofAll > 0) return { minutesADay: ofAll, from: 'all-documents' };
    const { dailyGoalMinutes } = await this.desk.profile(ownerId);
    return dailyGoalMinutes === null ? null : { minutesADay: dailyGoalMinutes, from: 'goal' };
  }
}

/** From the first of these days on, a week at least: what was begun yesterday is not read at yesterday's rate for ever. */
function minutesADay(days: readonly StudyDay[], today: string): number {
  if (days.length === 0) return 0;
  const first = days.reduce((least, { day }) => (day < least ? day : least), today);
  return days.reduce((sum, day) => sum + msOf(day), 0) / MS_A_MINUTE / Math.max(LEAST_HABIT_DAYS, daysBetween(first, today));
}
