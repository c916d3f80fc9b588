import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, LessThanOrEqual } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { Clock } from '../../platform/clock/clock.js';
import { insertRow } from '../../platform/database/insert-row.js';
import { referring } from '../../platform/database/referring.js';
import { rowLock } from '../../platform/database/row-lock.js';
import { Idempotency } from '../../platform/idempotency/idempotency.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { type ListPage, Lists } from '../../platform/lists/lists.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { NotFound, StaleVersion } from '../../platform/problems/problems.js';
import { demandRange } from '../sessions/page-range.js';
import { StudyDocuments } from '../study-documents.js';
import { Exercise } from './exercise.entity.js';
import { EXERCISES_LIST } from './exercises.list.js';
import { newMemory } from './memory.js';

export interface ExerciseTerms {
  readonly documentId: string;
  readonly question: string;
  readonly answer?: string | null | undefined;
  readonly firstPage?: number | null | undefined;
  readonly lastPage?: number | null | undefined;
}

export interface DueExercises {
  readonly exercises: Exercise[];
  readonly total: number;
}

@Injectable()
export class ExercisesService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    private readonly idempotency: Idempotency,
    private readonly lists: Lists,
    private readonly documents: StudyDocuments,
  ) {}

  list(actor: Actor, wanted: Wanted): Promise<ListPage<Exercise>> {
    return this.lists.page(EXERCISES_LIST, wanted, { sql: 'study_exercises.owner_id = ?', values: [actor.id] });
  }

  /** Due first first. What is due on a day is due from its midnight where its owner was when they answered. */
  async due(actor: Actor, limit: number, documentId?: string): Promise<DueExercises> {
    const where = { ownerId: actor.id, dueAt: LessThanOrEqual(this.clock.now()), ...(documentId !== undefined && { documentId }) };
    const [exercises, total] = await this.db.findAndCount(Exercise, { where, order: { dueAt: 'ASC', id: 'ASC' }, take: limit });
    return { exercises, total };
  }

  async get(actor: Actor, id: string): Promise<Exercise> {
    return own(this.db, actor.id, id);
  }

  async create<T extends object>(actor: Actor, { documentId, question, answer = null, firstPage = null, lastPage = null }: ExerciseTerms, shown: (exercise: Exercise) => T, repeat?: IdempotentRequest): Promise<T> {
    return this.idempotency.inTransaction(repeat, async (tx) => {
      demandRange({ firstPage, lastPage }, (await this.documents.own(actor.id, documentId, tx)).pages);
      const now = this.clock.now();
      const exercise = Object.assign(new Exercise(), { ...newMemory(now), ownerId: actor.id, documentId, question, answer, firstPage, lastPage, createdAt: now, updatedAt: now });
      await referring(() => insertRow(tx, Exercise, exercise), () => new NotFound('document'));
      return shown(exercise);
    });
  }

  update(actor: Actor, id: string, change: Partial<Omit<ExerciseTerms, 'documentId'>>, ifVersion?: number): Promise<Exercise> {
    return this.db.transaction(async (tx) => {
      const exercise = await own(tx, actor.id, id, true);
      if (ifVersion !== undefined && ifVersion !== exercise.version) throw new StaleVersion(exercise.version);
      Object.assign(exercise, change, { updatedAt: this.clock.now(), version: exercise.version + 1 });
      demandRange(exercise, (await this.documents.own(actor.id, exercise.documentId, tx)).pages);
      return tx.save(exercise);
    });
  }

  /** Its reviews stay in the log. */
  remove(actor: Actor, id: string): Promise<Exercise> {
    return this.db.transaction(async (tx) => {
      const exercise = await own(tx, actor.id, id, true);
      await tx.delete(Exercise, { id });
      return exercise;
    });
  }
}

export async function own(db: EntityManager, ownerId: string, id: string, hold = false): Promise<Exercise> {
  const exercise = await db.findOne(Exercise, { where: { id, ownerId }, ...(hold && { lock: rowLock(db) }) });
  if (!exercise) throw new NotFound('exercise');
  return exercise;
}
