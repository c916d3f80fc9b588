import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, IsNull } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Clock } from '../../platform/clock/clock.js';
import { LocalDays } from '../../platform/clock/local-days.js';
import { insertRow } from '../../platform/database/insert-row.js';
import { Idempotency } from '../../platform/idempotency/idempotency.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { type ListPage, Lists } from '../../platform/lists/lists.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { StudyZones } from '../study-zones.js';
import { Exercise } from './exercise.entity.js';
import { REVIEWS_LIST } from './exercises.list.js';
import { NothingToUndo, ReviewedMeanwhile } from './exercises.problems.js';
import { own } from './exercises.service.js';
import { graded, type Memory, memoryOf, type ReviewGrade, toStored } from './memory.js';
import { Review } from './review.entity.js';

export interface Answered {
  readonly grade: ReviewGrade;
  /** The exercise's version as it was shown. */
  readonly version: number;
  readonly seconds?: number | null | undefined;
}

/** Answers to exercises, and what they make of the exercises. */
@Injectable()
export class ReviewsService {
  private readonly days = new LocalDays();

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    private readonly idempotency: Idempotency,
    private readonly lists: Lists,
    private readonly zones: StudyZones,
  ) {}

  list(actor: Actor, wanted: Wanted): Promise<ListPage<Review>> {
    return this.lists.page(REVIEWS_LIST, wanted, { sql: 'study_reviews.owner_id = ?', values: [actor.id] });
  }

  async answer<T extends object>(actor: Actor, id: string, { grade, version, seconds = null }: Answered, shown: (exercise: Exercise) => T, repeat?: IdempotentRequest): Promise<T> {
    const zone = await this.zones.of(actor);
    return this.idempotency.inTransaction(repeat, async (tx) => {
      const exercise = await own(tx, actor.id, id);
      if (exercise.version !== version) throw new ReviewedMeanwhile(exercise.version);
      const before = memoryOf(exercise);
      const after = graded(before, grade, this.clock.now(), zone, this.days);
      await this.remember(tx, exercise, after, version, exercise.reviews + 1);
      const { dueAt, state, stability, difficulty, reviewedAt } = after;
      const review = { ownerId: actor.id, exerciseId: id, documentId: exercise.documentId, number: exercise.reviews, grade, seconds, before: toStored(before), dueAt, state, stability, difficulty, reviewedAt: reviewedAt! };
      await insertRow(tx, Review, Object.assign(new Review(), review));
      return shown(exercise);
    });
  }

  /** As though the last answer had not been given; it stays in the log and says so. */
  undo(actor: Actor, id: string): Promise<Exercise> {
    return this.db.transaction(async (tx) => {
      const exercise = await own(tx, actor.id, id, true);
      const last = await tx.findOne(Review, { where: { exerciseId: id, undoneAt: IsNull() }, order: { number: 'DESC' } });
      if (!last) throw new NothingToUndo();
      await this.remember(tx, exercise, memoryOf(last.before), exercise.version, exercise.reviews);
      await tx.update(Review, { id: last.id }, { undoneAt: this.clock.now() });
      return exercise;
    });
  }

  /** Of those who saw this version one comes through. */
  private async remember(tx: EntityManager, exercise: Exercise, memory: Memory, version: number, reviews: number): Promise<void> {
    const change = { ...memory, reviews, version: version + 1, updatedAt: this.clock.now() };
    const { affected } = await tx.update(Exercise, { id: exercise.id, ownerId: exercise.ownerId, version }, change);
    if (affected !== 1) throw new ReviewedMeanwhile(version + 1);
    Object.assign(exercise, change);
  }
}
