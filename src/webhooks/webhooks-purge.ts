import { setImmediate as breathe } from 'node:timers/promises';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { Settings } from '../platform/config/settings.js';
import { Sql } from '../platform/database/sql.js';
import { Jobs } from '../platform/jobs/jobs.js';

const DAY_MS = 86_400_000;
const AT_ONCE = 200;

/** Forgets old events, and with them their deliveries, whatever became of those. */
@Injectable()
export class WebhooksPurge implements OnModuleInit {
  constructor(
    private readonly sql: Sql,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.define({ name: 'webhooks.purge', description: 'forgets events and their deliveries after WEBHOOK_DAYS', schedule: '0 23 * * * *', run: () => this.purge() });
  }

  private async purge(): Promise<{ removed: number }> {
    const before = new Date(this.clock.millis() - this.settings.webhookDays * DAY_MS);
    const statement = this.sql.dialect.deleteSome('webhook_events', 'at < ?', AT_ONCE);
    for (let removed = 0; ; ) {
      const { affected } = await this.sql.execute(statement, [before]);
      removed += affected;
      if (affected < AT_ONCE) return { removed };
      await breathe();
    }
  }
}
