import { Injectable } from '@nestjs/common';
import { EntityManager } from 'typeorm';
import { insertRow } from '../../platform/database/insert-row.js';
import type { Document } from '../documents/document.entity.js';
import type { StudySession } from '../sessions/study-session.entity.js';
import { StudyDocuments } from '../study-documents.js';
import { secondsInOneSession } from './pace-model.js';
import { measuredIn, Paces } from './paces.js';
import { StudyEstimate } from './study-estimate.entity.js';

const MS_A_SECOND = 1000;

/** What was expected when a session began, kept so that it can be held against what came. */
@Injectable()
export class KeptEstimates {
  constructor(
    private readonly paces: Paces,
    private readonly documents: StudyDocuments,
  ) {}

  async give(tx: EntityManager, { id: sessionId, ownerId, documentId, kind, startedAt: givenAt }: StudySession, document: Document | undefined): Promise<void> {
    const left = document && (await this.documents.remaining(document, tx));
    const unit = kind === 'exercises' ? 'exercise' : document && document.pagesWithText === 0 ? 'page' : 'word';
    const { pace: { mean, variance, withinSd, sessions } } = await this.paces.of(ownerId, unit, tx);
    const remaining = unit === 'exercise' ? null : ((unit === 'word' ? left?.words : left?.pages) ?? null);
    await insertRow(tx, StudyEstimate, Object.assign(new StudyEstimate(), { sessionId, ownerId, documentId, unit, givenAt, sessions, mean, variance, withinSd, remaining }));
  }

  /** Again after each change of the session: what was expected stays, what came of it is what the session says now. */
  async compare(tx: EntityManager, session: StudySession): Promise<void> {
    const kept = session.status === 'finished' ? await tx.findOneBy(StudyEstimate, { sessionId: session.id }) : null;
    if (!kept) return;
    const measured = measuredIn(kept.unit, session);
    await tx.update(StudyEstimate, { sessionId: session.id }, measured ? outcomeOf(kept, measured.units, measured.ms) : { units: null, activeMs: null, error: null, covered: null });
  }
}

function outcomeOf(kept: StudyEstimate, units: number, activeMs: number): Partial<StudyEstimate> {
  const { low, expected, high } = secondsInOneSession(units, kept);
  const seconds = activeMs / MS_A_SECOND;
  return { units, activeMs, error: Math.log(seconds / expected), covered: low <= seconds && seconds <= high };
}
