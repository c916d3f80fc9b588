import { type EntityManager, IsNull, LessThan, MoreThan, Not } from 'typeorm';
import { StudyInterval } from './study-interval.entity.js';
import type { Times } from './told-times.js';

/** The session of somebody in which time ran within these times; what runs now runs from its start on. */
export async function overlapping(tx: EntityManager, ownerId: string, { startedAt, finishedAt }: Times, exceptId = ''): Promise<string | undefined> {
  const before = { ownerId, sessionId: Not(exceptId), startedAt: LessThan(finishedAt) };
  const found = await tx.findOne(StudyInterval, { where: [{ ...before, endedAt: MoreThan(startedAt) }, { ...before, endedAt: IsNull() }] });
  return found?.sessionId;
}
