import { Injectable } from '@nestjs/common';
import { CronExpression } from '@nestjs/schedule';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, In } from 'typeorm';
import { LocalDays } from '../../platform/clock/local-days.js';
import { EntityTransaction } from '../../platform/database/entity-transaction.js';
import { inBatches } from '../../platform/database/in-batches.js';
import { placeholders, Sql } from '../../platform/database/sql.js';
import { type JobReport, Jobs } from '../../platform/jobs/jobs.js';
import { StudyDesk } from '../sessions/study-desk.js';
import { StudyInterval } from '../sessions/study-interval.entity.js';
import { StudyProfile } from '../sessions/study-profile.entity.js';
import { StudySession } from '../sessions/study-session.entity.js';
import { type DaySum, DaySums, MEASURES } from './day-sums.js';
import { StudyDay } from './study-day.entity.js';

const KEY = ['owner_id', 'day', 'document_id'];
const COLUMNS: Readonly<Record<(typeof MEASURES)[number], string>> = {
  sessions: 'sessions', readingMs: 'reading_ms', exerciseMs: 'exercise_ms', pagedMs: 'paged_ms', pages: 'pages', wordedMs: 'worded_ms', words: 'words', exercises: 'exercises',
};
const SUMMED = MEASURES.map((measure) => COLUMNS[measure]);
const ROWS_AT_ONCE = 100;
const SESSIONS_AT_ONCE = 500;
const GONE = `DELETE FROM study_days WHERE owner_id = ? AND ${SUMMED.map((column) => `${column} = 0`).join(' AND ')}`;

/** Sums of days, written with what they sum up. Under the lock of the desk. */
@Injectable()
export class StudyDays {
  readonly localDays = new LocalDays();

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly sql: Sql,
    private readonly desk: StudyDesk,
    jobs: Jobs,
  ) {
    jobs.define({ name: 'study.recount-days', description: 'counts study time by day anew from the sessions and says where it was wrong', schedule: CronExpression.EVERY_WEEK, run: () => this.recountAll() });
  }

  async add(tx: EntityManager, ownerId: string, sums: DaySums): Promise<void> {
    const rows = sums.rows();
    for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
      const part = rows.slice(start, start + ROWS_AT_ONCE);
      const values = part.flatMap((row) => [ownerId, row.day, row.documentId, ...MEASURES.map((measure) => row[measure])]);
      const tuples = part.map(() => `(${placeholders(KEY.length + SUMMED.length)})`).join(', ');
      await new EntityTransaction(tx).execute(`INSERT INTO study_days (${[...KEY, ...SUMMED].join(', ')}) VALUES ${tuples}${this.sql.dialect.adding(KEY, SUMMED)}`, values);
    }
    if (rows.some((row) => MEASURES.some((measure) => row[measure] < 0))) await new EntityTransaction(tx).execute(GONE, [ownerId]);
  }

  async recountAll(): Promise<JobReport> {
    let [owners, wrong] = [0, 0];
    for await (const { ownerId } of inBatches(this.db, StudyProfile, {}, 'ownerId')) {
      owners += 1;
      wrong += (await this.recount(ownerId)) > 0 ? 1 : 0;
    }
    return { owners, wrong };
  }

  /** Answers how many days were not what the sessions say. */
  async recount(ownerId: string): Promise<number> {
    const { corrected } = await this.desk.change(ownerId, async (tx) => {
      const should = (await this.counted(tx, ownerId)).rows();
      const found = new Map((await tx.findBy(StudyDay, { ownerId })).map((row) => [row.day + row.documentId, row]));
      const right = should.filter((sum) => isSame(sum, found.get(sum.day + sum.documentId)));
      const corrected = should.length - right.length + found.size - should.filter((sum) => found.has(sum.day + sum.documentId)).length;
      if (corrected > 0) await this.replace(tx, ownerId, should);
      return { corrected };
    });
    return corrected;
  }

  private async replace(tx: EntityManager, ownerId: string, rows: readonly DaySum[]): Promise<void> {
    await tx.delete(StudyDay, { ownerId });
    for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) await tx.insert(StudyDay, rows.slice(start, start + ROWS_AT_ONCE).map((row) => ({ ownerId, ...row })));
  }

  private async counted(tx: EntityManager, ownerId: string): Promise<DaySums> {
    const sums = new DaySums();
    let batch: StudySession[] = [];
    const count = async (): Promise<void> => {
      const intervals = await tx.find(StudyInterval, { where: { sessionId: In(batch.map(({ id }) => id)) }, order: { sessionId: 'ASC', number: 'ASC' } });
      for (const session of batch) sums.add(session, intervals.filter(({ sessionId }) => sessionId === session.id), this.localDays);
      batch = [];
    };
    for await (const session of inBatches(tx, StudySession, { ownerId }, 'id')) if (batch.push(session) === SESSIONS_AT_ONCE) await count();
    await count();
    return sums;
  }
}

function isSame(sum: DaySum, row: StudyDay | undefined): boolean {
  return row !== undefined && MEASURES.every((measure) => row[measure] === sum[measure]);
}
