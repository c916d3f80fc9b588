import { Injectable } from '@nestjs/common';
import { EntityManager } from 'typeorm';
import { DaySums } from '../analytics/day-sums.js';
import { StudyDays } from '../analytics/study-days.js';
import { Clock } from '../../platform/clock/clock.js';
import { insertEntities } from '../../platform/database/insert-entities.js';
import { StudyInterval } from '../sessions/study-interval.entity.js';
import { StudySession } from '../sessions/study-session.entity.js';
import type { Timer } from '../sessions/timer.js';
import { Occupied } from './occupied.js';
import { type SessionDraft, stretchOf, timerOf } from './session-drafts.js';
import type { ImportReport } from './import-report.js';

/** Writes sessions from elsewhere: each once, and none into the time of another. Under the lock of the desk. */
@Injectable()
export class SessionIntake {
  constructor(
    private readonly clock: Clock,
    private readonly days: StudyDays,
  ) {}

  async take(tx: EntityManager, ownerId: string, drafts: readonly SessionDraft[]): Promise<ImportReport> {
    const now = this.clock.now();
    const known = await knownKeys(tx, ownerId);
    const before = new Occupied((await tx.find(StudyInterval, { where: { ownerId }, order: { startedAt: 'ASC' } })).map((each) => stretchOf(each, now)));
    const taken = new Occupied();
    const timers: Timer[] = [];
    let [duplicates, passedOver] = [0, 0];
    for (const draft of [...drafts].sort((a, b) => begin(a) - begin(b))) {
      if (known.has(draft.importKey)) duplicates += 1;
      else if (draft.stretches.some((each) => before.overlaps(each) || taken.overlaps(each))) passedOver += 1;
      else {
        known.add(draft.importKey);
        timers.push(timerOf(draft, ownerId, now));
        for (const stretch of draft.stretches) taken.add(stretch);
      }
    }
    await this.write(tx, ownerId, timers);
    return { rows: drafts.length, imported: timers.length, duplicates, passedOver };
  }

  private async write(tx: EntityManager, ownerId: string, timers: readonly Timer[]): Promise<void> {
    await insertEntities(tx, StudySession, timers.map(({ session }) => session));
    await insertEntities(tx, StudyInterval, timers.flatMap(({ intervals }) => intervals));
    const sums = new DaySums();
    for (const { session, intervals } of timers) sums.add(session, intervals, this.days.localDays);
    await this.days.add(tx, ownerId, sums);
  }
}

/** Those that were imported, and one's own: what was exported here comes back as what it is. */
async function knownKeys(tx: EntityManager, ownerId: string): Promise<Set<string>> {
  const sessions = await tx.find(StudySession, { select: { id: true, importKey: true }, where: { ownerId } });
  return new Set(sessions.flatMap(({ id, importKey }) => (importKey === null ? [id] : [id, importKey])));
}

function begin({ stretches }: SessionDraft): number {
  return stretches[0]!.startedAt.getTime();
}
