import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { Sql } from '../../platform/database/sql.js';
import { type JobReport, Jobs } from '../../platform/jobs/jobs.js';
import { LogPartitions, type PartitionedTable } from './log-partitions.js';
import { idBound } from '../../platform/ids/ids.js';

const DAY_MS = 86_400_000;
const CHUNK = 1000;
const JOB = 'message-logs.retention';

/** Old text goes after MESSAGE_TEXT_DAYS, whole logs after MESSAGE_LOG_DAYS: by partition on MySQL, in chunks otherwise. */
@Injectable()
export class MessageLogRetention implements OnApplicationBootstrap {
  private readonly logger = new Logger(MessageLogRetention.name);

  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly sql: Sql,
    private readonly partitions: LogPartitions,
    private readonly jobs: Jobs,
  ) {
    jobs.define({ name: JOB, description: 'Makes room for new message logs and lets go of old ones.', schedule: '0 17 * * * *', run: () => this.run() });
  }

  /** Partitions must be there before the rows: an hour of rows in the wrong one is long to move. */
  async onApplicationBootstrap(): Promise<void> {
    if (!this.settings.jobsEnabled || !this.settings.databaseUrl) return;
    await this.jobs.run(JOB).catch((error: unknown) => this.logger.error(`Job ${JOB} failed: ${String(error)}`));
  }

  async run(): Promise<JobReport> {
    const { messageLogDays } = this.settings;
    return {
      ...(await this.letGo('message_texts', this.textDays)),
      ...(await this.letGo('message_logs', messageLogDays)),
      message_log_keys_deleted: await this.deleteOlder('message_log_keys', 'log_id', messageLogDays),
    };
  }

  /** Text never outlives its log. */
  private get textDays(): number {
    const { messageTextDays, messageLogDays } = this.settings;
    const limits = [messageTextDays, messageLogDays].filter((days) => days > 0);
    return limits.length > 0 ? Math.min(...limits) : 0;
  }

  private async letGo(table: PartitionedTable, keepDays: number): Promise<JobReport> {
    if (!this.settings.databaseUrl) return { [`${table}_deleted`]: await this.deleteOlder(table, 'id', keepDays) };
    const now = this.clock.millis();
    return {
      [`${table}_partitions_made`]: await this.partitions.makeAhead(table, now, keepDays),
      [`${table}_partitions_dropped`]: await this.partitions.dropExpired(table, now, keepDays),
    };
  }

  /** In chunks, so that writers wait for a thousand rows at most. */
  private async deleteOlder(table: string, column: string, keepDays: number): Promise<number> {
    if (keepDays === 0) return 0;
    const bound = idBound(this.clock.millis() - keepDays * DAY_MS);
    const statement = this.sql.dialect.deleteSome(table, `${column} < ? ORDER BY ${column}`, CHUNK);
    for (let deleted = 0; ; ) {
      const { affected } = await this.sql.execute(statement, [bound]);
      deleted += affected;
      if (affected < CHUNK) return deleted;
    }
  }
}
