import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '../../platform/config/settings.js';
import { isDatabaseAway } from '../../platform/database/failures.js';
import { Sql } from '../../platform/database/sql.js';
import { IntakeMetrics } from './intake-metrics.js';
import { LogWriter } from './log-writer.js';
import { Spool, type SpooledRow } from './spool.js';

const RETRY_MS = 300;
/** How often to look for rows that a process which is gone left in the spool that it shared with this one. */
const LOOK_MS = 10_000;

/**
 * Moves what waits in the spool to MySQL once it answers again. A row leaves the spool after it was committed there, and
 * what a crash in between leaves in both is recognised by its id.
 */
@Injectable()
export class SpoolDrain implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(SpoolDrain.name);
  private readonly stop = new AbortController();
  private running?: Promise<void>;
  private timer?: NodeJS.Timeout;
  private away = false;

  constructor(
    private readonly settings: Settings,
    private readonly sql: Sql,
    private readonly writer: LogWriter,
    private readonly spool: Spool,
    private readonly metrics: IntakeMetrics,
  ) {}

  /** Whether MySQL was away when it was last asked; then nobody needs to find out the slow way. */
  get isAway(): boolean {
    return this.away;
  }

  noteAway(): void {
    this.away = true;
    this.start();
  }

  onApplicationBootstrap(): void {
    if (!this.settings.databaseUrl) return;
    this.start();
    this.timer = setInterval(() => this.start(), LOOK_MS);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.stop.abort();
    await this.running;
    this.spool.close();
  }

  private start(): void {
    this.running ??= this.run().finally(() => (this.running = undefined));
  }

  private async run(): Promise<void> {
    while (!this.stop.signal.aborted && (this.away || !this.spool.isEmpty)) {
      try {
        await this.step();
      } catch (error) {
        if (!isDatabaseAway(error)) this.logger.error(`Message logs cannot leave the spool: ${String(error)}`);
        this.away ||= isDatabaseAway(error);
        await sleep(RETRY_MS, undefined, { signal: this.stop.signal, ref: false }).catch(() => undefined);
      }
    }
  }

  private async step(): Promise<void> {
    const rows = this.spool.first(this.settings.intakeBatchSize);
    if (rows.length === 0) await this.sql.execute('SELECT 1', []);
    else await this.move(rows);
    if (this.away) this.logger.log('The database is back.');
    this.away = false;
  }

  private async move(rows: SpooledRow[]): Promise<void> {
    try {
      await this.writer.write(rows.map(({ row }) => row), { again: true });
      this.spool.remove(rows);
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      if (rows.length > 1) for (const row of rows) await this.move([row]);
      else this.setAside(rows[0]!, error);
    }
  }

  /** Never seen; kept rather than lost, and counted where somebody looks. */
  private setAside(row: SpooledRow, error: unknown): void {
    this.logger.error(`The database refuses message log ${row.row.id}, which stays in the spool: ${String(error)}`);
    this.spool.setAside(row);
    this.metrics.lost(1);
  }
}
