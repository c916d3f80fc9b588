import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { inBatches } from '../platform/database/in-batches.js';
import { Sql } from '../platform/database/sql.js';
import { Erasure, OwnedRows } from '../users/erasure/erasure.js';
import { PersonalData } from '../users/personal-data/personal-data.js';
import { StudyDay } from './analytics/study-day.entity.js';
import { StudyEstimate } from './estimates/study-estimate.entity.js';
import { Exercise } from './exercises/exercise.entity.js';
import { Review } from './exercises/review.entity.js';
import { intervalsOf } from './sessions/session-book.js';
import { StudyProfile } from './sessions/study-profile.entity.js';
import { StudySession } from './sessions/study-session.entity.js';

/** What points to others goes first. */
const TABLES = ['study_estimates', 'study_intervals', 'study_sessions', 'study_days', 'study_reviews', 'study_exercises', 'study_profiles'];

/** What this part of the module holds about a user. What is known of all readers together names nobody and stays. */
@Injectable()
export class PersonalStudyTime {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    sql: Sql,
    data: PersonalData,
    erasure: Erasure,
  ) {
    data.register(
      { path: 'study/sessions.ndjson', about: 'When you studied, with what was expected of each session.', tables: ['study_sessions', 'study_intervals', 'study_estimates'], rows: (id) => this.sessions(id) },
      { path: 'study/exercises.ndjson', about: 'Your exercises, and every answer that you gave.', tables: ['study_exercises', 'study_reviews'], rows: (id) => this.exercises(id) },
      { path: 'study/days.json', about: 'What you studied by day, and what you set about it.', tables: ['study_days', 'study_profiles'], rows: (id) => this.days(id) },
    );
    erasure.register(...TABLES.map((table) => new OwnedRows(sql, table, 'owner_id')));
  }

  /** All columns: nothing of it is kept from whom it belongs to. */
  private async *sessions(ownerId: string): AsyncGenerator<object> {
    for await (const session of inBatches(this.db, StudySession, { ownerId }, 'id')) {
      const intervals = (await intervalsOf(this.db, session.id)).map(({ startedAt, endedAt, endedBy }) => ({ startedAt, endedAt, endedBy }));
      yield { ...session, intervals, expected: await this.db.findOneBy(StudyEstimate, { sessionId: session.id }) };
    }
  }

  private async *exercises(ownerId: string): AsyncGenerator<object> {
    for await (const exercise of inBatches(this.db, Exercise, { ownerId }, 'id')) yield { record: 'exercise', ...exercise };
    for await (const review of inBatches(this.db, Review, { ownerId }, 'id')) yield { record: 'review', ...review };
  }

  private async *days(ownerId: string): AsyncGenerator<object> {
    const profile = await this.db.findOneBy(StudyProfile, { ownerId });
    if (profile) yield { record: 'preferences', ...profile };
    for (const day of await this.db.find(StudyDay, { where: { ownerId }, order: { day: 'ASC', documentId: 'ASC' } })) yield { record: 'day', ...day };
  }
}
