import { Injectable } from '@nestjs/common';
import { Between, EntityManager, IsNull } from 'typeorm';
import { Review } from '../exercises/review.entity.js';
import type { Document } from '../documents/document.entity.js';
import { StudyDocuments } from '../study-documents.js';
import { demandRange } from './page-range.js';
import { PagesRefused } from './sessions.problems.js';
import type { StudySession } from './study-session.entity.js';

/** What somebody says they did. */
export interface Work {
  readonly firstPage?: number | null | undefined;
  readonly lastPage?: number | null | undefined;
  readonly pages?: number | null | undefined;
  readonly exercises?: number | null | undefined;
}

/** Turns what somebody says they did into figures of the session, and into how far they are in the document. */
@Injectable()
export class SessionWork {
  constructor(private readonly documents: StudyDocuments) {}

  async note(tx: EntityManager, session: StudySession, { firstPage = null, lastPage = null, pages, exercises }: Work, document: Document | undefined): Promise<void> {
    if (session.kind === 'exercises') {
      if (firstPage !== null || lastPage !== null || typeof pages === 'number') throw new PagesRefused('pages', 'This session is about exercises; say how many.');
      return void Object.assign(session, { firstPage: null, lastPage: null, pages: null, words: null, exercises: exercises ?? (await reviewedIn(tx, session)) });
    }
    demandRange({ firstPage, lastPage }, document?.pages);
    const inRange = firstPage === null || lastPage === null ? null : lastPage - firstPage + 1;
    const read = pages ?? inRange;
    Object.assign(session, { firstPage, lastPage, pages: read, exercises: exercises ?? null, words: null });
    if (!document || inRange === null || read === null) return;
    const words = await this.documents.words(tx, document, firstPage!, lastPage!);
    // Some of the range only, or some of it twice.
    session.words = words && (Math.round((words * read) / inRange) || null);
    await this.documents.reached(tx, document, lastPage!);
  }
}

/** Where nobody counted: the reviews from its beginning to its end. */
async function reviewedIn(tx: EntityManager, { ownerId, startedAt, finishedAt }: StudySession): Promise<number | null> {
  return (await tx.countBy(Review, { ownerId, reviewedAt: Between(startedAt, finishedAt!), undoneAt: IsNull() })) || null;
}
