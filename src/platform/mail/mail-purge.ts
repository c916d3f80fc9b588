import { setImmediate as breathe } from 'node:timers/promises';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CronExpression } from '@nestjs/schedule';
import { Clock } from '../clock/clock.js';
import { placeholders, Sql } from '../database/sql.js';
import { Jobs } from '../jobs/jobs.js';

const KEPT_MS = 30 * 24 * 3_600_000;
const AT_ONCE = 200;

/** Forgets mails that were sent or given up long ago. */
@Injectable()
export class MailPurge implements OnModuleInit {
  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.define({ name: 'mail.purge', description: 'forgets mails that were sent or given up 30 days ago', schedule: CronExpression.EVERY_DAY_AT_3AM, run: () => this.purge() });
  }

  /** By the time of the last attempt, which has an index and lies within minutes of the end. */
  private async purge(): Promise<{ removed: number }> {
    const before = new Date(this.clock.millis() - KEPT_MS);
    for (let removed = 0; ; ) {
      const { rows } = await this.sql.execute(`SELECT id FROM outgoing_mails WHERE status IN ('sent', 'failed') AND due_at < ? LIMIT ${AT_ONCE}`, [before]);
      if (rows.length === 0) return { removed };
      const ids = rows.map((row) => row[0] as string);
      removed += (await this.sql.execute(`DELETE FROM outgoing_mails WHERE id IN (${placeholders(ids.length)})`, ids)).affected;
      await breathe();
    }
  }
}
