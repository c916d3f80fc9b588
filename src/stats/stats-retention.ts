import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { utcDay } from '../platform/clock/days.js';
import { Settings } from '../platform/config/settings.js';
import { Sql } from '../platform/database/sql.js';
import { type JobReport, Jobs } from '../platform/jobs/jobs.js';

const DAY_MS = 86_400_000;
const CHUNK = 1000;

/** Which users were active on a day is forgotten after STATS_USER_DAYS. */
@Injectable()
export class StatsRetention {
  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly sql: Sql,
    jobs: Jobs,
  ) {
    jobs.define({ name: 'stats.retention', description: 'forgets which users were active on days long ago', schedule: '0 23 3 * * *', run: () => this.run() });
  }

  /** What comes in for days before it, such as conversations of long ago, counts in the sums alone: nobody is active twice on a day. */
  get firstDay(): string {
    const { statsUserDays } = this.settings;
    return statsUserDays === 0 ? '' : utcDay(new Date(this.clock.millis() - statsUserDays * DAY_MS));
  }

  async run(): Promise<JobReport> {
    const statement = this.sql.dialect.deleteSome('stats_user_days', 'day < ?', CHUNK);
    for (let user_days = 0; ; ) {
      const { affected } = await this.sql.execute(statement, [this.firstDay]);
      user_days += affected;
      if (affected < CHUNK) return { user_days };
    }
  }
}
