import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { AuditService } from '../../audit/audit.service.js';
import { Clock } from '../../platform/clock/clock.js';
import { FileFormat } from '../../platform/csv/file-format.js';
import { insertEntities } from '../../platform/database/insert-entities.js';
import { referring } from '../../platform/database/referring.js';
import { NotFound } from '../../platform/problems/problems.js';
import { Exercise } from '../exercises/exercise.entity.js';
import { Review } from '../exercises/review.entity.js';
import { StudyDesk } from '../sessions/study-desk.js';
import { StudyZones } from '../study-zones.js';
import { DocumentMatcher } from './document-matcher.js';
import { rowsOf } from './file-rows.js';
import type { ImportReport } from './import-report.js';
import { readExercise, readReview } from './read-exercises.js';
import { readSession } from './read-sessions.js';
import { SessionIntake } from './session-intake.js';
import type { Transferred } from './study-columns.js';

type Known = ReadonlyMap<string, Pick<Exercise, 'id' | 'documentId'>>;

/** Files of what somebody studied: all of one or nothing, and what was imported before is passed over. */
@Injectable()
export class StudyImports {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly clock: Clock,
    private readonly desk: StudyDesk,
    private readonly zones: StudyZones,
    private readonly intake: SessionIntake,
    private readonly audit: AuditService,
  ) {}

  /** Reads before anything is locked, for the file arrives as slowly as its sender likes. */
  async take(actor: Actor, what: Transferred, format: FileFormat, file: AsyncIterable<Buffer>): Promise<ImportReport> {
    const terms = { documents: await DocumentMatcher.of(this.db, actor.id), timeZone: await this.zones.of(actor), now: this.clock.now() };
    if (what === 'sessions') {
      const drafts = await rowsOf(format, file, (row) => readSession(row, terms));
      return this.carryOut(actor, what, (tx) => this.intake.take(tx, actor.id, drafts));
    }
    if (what === 'exercises') {
      const exercises = await rowsOf(format, file, (row) => readExercise(row, actor.id, terms));
      return this.carryOut(actor, what, (tx) => takeExercises(tx, actor.id, exercises));
    }
    const known = await knownExercises(this.db, actor.id);
    const reviews = await rowsOf(format, file, (row) => readReview(row, actor.id, known));
    return this.carryOut(actor, what, (tx) => takeReviews(tx, actor.id, reviews));
  }

  private carryOut(actor: Actor, what: string, work: (tx: EntityManager) => Promise<ImportReport>): Promise<ImportReport> {
    return this.desk.change(actor.id, async (tx) => {
      const report = await work(tx);
      await this.audit.record(tx, actor, `study.import-${what}`, actor.id, { after: { ...report } });
      return report;
    });
  }
}

async function takeExercises(tx: EntityManager, ownerId: string, exercises: readonly Exercise[]): Promise<ImportReport> {
  const known = new Set((await knownExercises(tx, ownerId)).keys());
  const fresh: Exercise[] = [];
  for (const exercise of exercises) {
    if (exercise.importKey !== null && known.has(exercise.importKey)) continue;
    if (exercise.importKey !== null) known.add(exercise.importKey);
    fresh.push(exercise);
  }
  await referring(() => insertEntities(tx, Exercise, fresh), () => new NotFound('document'));
  return { rows: exercises.length, imported: fresh.length, duplicates: exercises.length - fresh.length, passedOver: 0 };
}

async function takeReviews(tx: EntityManager, ownerId: string, reviews: readonly Review[]): Promise<ImportReport> {
  const known = new Set((await tx.find(Review, { select: { exerciseId: true, number: true, id: true }, where: { ownerId } })).map(placeOf));
  const fresh: Review[] = [];
  for (const review of reviews) {
    if (known.has(placeOf(review))) continue;
    known.add(placeOf(review));
    fresh.push(review);
  }
  await insertEntities(tx, Review, fresh);
  return { rows: reviews.length, imported: fresh.length, duplicates: reviews.length - fresh.length, passedOver: 0 };
}

/** By their ids, and by those they had where they came from. */
async function knownExercises(db: EntityManager, ownerId: string): Promise<Known> {
  const exercises = await db.find(Exercise, { select: { id: true, importKey: true, documentId: true }, where: { ownerId } });
  return new Map(exercises.flatMap((each) => [[each.id, each] as const, ...(each.importKey === null ? [] : [[each.importKey, each] as const])]));
}

function placeOf({ exerciseId, number }: Review): string {
  return `${exerciseId}/${number}`;
}
