import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import { inBatches } from '../platform/database/in-batches.js';
import { Sql } from '../platform/database/sql.js';
import { Erasure, OwnedRows } from '../users/erasure/erasure.js';
import { PersonalData } from '../users/personal-data/personal-data.js';
import { StatsUserDay } from './stats-day.entity.js';

/** What this module holds about a user. The sums of the days, which name nobody, stay. */
@Injectable()
export class PersonalStats {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    sql: Sql,
    data: PersonalData,
    erasure: Erasure,
  ) {
    data.register({ path: 'usage/active-days.json', about: 'The days (in UTC) on which you were active, and what you talked about with models in numbers.', tables: ['stats_user_days'], rows: (id) => this.days(id) });
    erasure.register(new OwnedRows(sql, 'stats_user_days', 'user_id'));
  }

  private async *days(userId: string): AsyncGenerator<object> {
    for await (const each of inBatches(this.db, StatsUserDay, { userId }, 'day')) {
      const { day, conversations, messages, promptTokens, completionTokens } = each;
      yield { day, conversations, messages, promptTokens, completionTokens };
    }
  }
}
