import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { rowLock } from '../../platform/database/row-lock.js';
import { Sql } from '../../platform/database/sql.js';
import { Idempotency } from '../../platform/idempotency/idempotency.js';
import type { IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { DEFAULT_IDLE_MINUTES, StudyProfile } from './study-profile.entity.js';

/** The one way to somebody's study time: changes of one person come after each other. */
@Injectable()
export class StudyDesk {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly sql: Sql,
    private readonly idempotency: Idempotency,
  ) {}

  /** As it is, or would be for somebody who has set nothing. */
  async profile(ownerId: string): Promise<StudyProfile> {
    return (await this.db.findOneBy(StudyProfile, { ownerId })) ?? Object.assign(new StudyProfile(), { ownerId });
  }

  /** One transaction under the lock of the profile. */
  async change<T extends object>(ownerId: string, work: (tx: EntityManager, profile: StudyProfile) => Promise<T>, repeat?: IdempotentRequest): Promise<T> {
    // Made before the transaction: of many that come at once the first time none then waits for a lock that it half holds.
    if (!(await this.db.existsBy(StudyProfile, { ownerId }))) await this.sql.execute(`${this.sql.dialect.insertIgnore} study_profiles (owner_id, idle_minutes) VALUES (?, ?)`, [ownerId, DEFAULT_IDLE_MINUTES]);
    return this.idempotency.inTransaction(repeat, async (tx) => work(tx, await tx.findOneOrFail(StudyProfile, { where: { ownerId }, lock: rowLock(tx) })));
  }
}
