import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, In } from 'typeorm';
import type { Actor } from '../../access/actor.js';
import { csvLines } from '../../platform/csv/cells.js';
import { FileFormat } from '../../platform/csv/file-format.js';
import { inBatches } from '../../platform/database/in-batches.js';
import { Document } from '../documents/document.entity.js';
import { Exercise } from '../exercises/exercise.entity.js';
import { Review } from '../exercises/review.entity.js';
import { StudyInterval } from '../sessions/study-interval.entity.js';
import { StudySession } from '../sessions/study-session.entity.js';
import { COLUMNS, exerciseLine, type Line, reviewLine, sessionLine, type Transferred } from './study-columns.js';

const AT_ONCE = 200;

/** What somebody studied as files that import reads, a batch of rows in memory at a time. */
@Injectable()
export class StudyExports {
  constructor(@InjectEntityManager() private readonly db: EntityManager) {}

  async *file(actor: Actor, what: Transferred, format: FileFormat): AsyncGenerator<string> {
    const columns = COLUMNS[what];
    if (format === FileFormat.Csv) yield csvLines([[...columns]]);
    for await (const lines of this.lines(actor.id, what)) {
      yield format === FileFormat.Csv ? csvLines(lines.map((line) => columns.map((column) => line[column] ?? ''))) : lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    }
  }

  private async *lines(ownerId: string, what: Transferred): AsyncGenerator<Line[]> {
    if (what === 'sessions') for await (const batch of batches(inBatches(this.db, StudySession, { ownerId, status: 'finished' }, 'id'))) yield this.sessions(batch, ownerId);
    if (what === 'exercises') for await (const batch of batches(inBatches(this.db, Exercise, { ownerId }, 'id'))) yield this.exercises(batch, ownerId);
    if (what === 'reviews') for await (const batch of batches(inBatches(this.db, Review, { ownerId }, 'id'))) yield batch.map(reviewLine);
  }

  private async sessions(batch: readonly StudySession[], ownerId: string): Promise<Line[]> {
    const intervals = await this.db.find(StudyInterval, { where: { sessionId: In(batch.map(({ id }) => id)) }, order: { sessionId: 'ASC', number: 'ASC' } });
    const documents = await this.documents(batch, ownerId);
    return batch.map((session) => sessionLine(session, intervals.filter(({ sessionId }) => sessionId === session.id), documents.get(session.documentId ?? '')));
  }

  private async exercises(batch: readonly Exercise[], ownerId: string): Promise<Line[]> {
    const documents = await this.documents(batch, ownerId);
    return batch.map((exercise) => exerciseLine(exercise, documents.get(exercise.documentId)));
  }

  private async documents(rows: readonly { documentId: string | null }[], ownerId: string): Promise<Map<string, Document>> {
    const ids = [...new Set(rows.flatMap(({ documentId }) => documentId ?? []))];
    const found = await this.db.find(Document, { select: { id: true, title: true, sha256: true }, where: { ownerId, id: In(ids) } });
    return new Map(found.map((document) => [document.id, document]));
  }
}

async function* batches<T>(rows: AsyncIterable<T>): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const row of rows) {
    if (batch.push(row) < AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
