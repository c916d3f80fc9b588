import { Injectable, Logger } from '@nestjs/common';
import { Combiner, type Outcome } from '../../platform/batching/combiner.js';
import { Settings } from '../../platform/config/settings.js';
import { isDatabaseAway } from '../../platform/database/failures.js';
import { IntakeFull } from '../message-logs.problems.js';
import { IntakeMetrics } from './intake-metrics.js';
import { bytesOf, type LogRow, sameness } from './log-row.js';
import { LogWriter } from './log-writer.js';
import { Spool } from './spool.js';
import { SpoolDrain } from './spool-drain.js';

/** Ids of ours that were not stored because the client's id was there before. */
type Duplicates = ReadonlySet<string>;

/**
 * The scheduled writer: joins the logs that arrive while the last ones commit into one transaction. A caller is answered
 * when its rows are durable: committed in the database or, while MySQL is away, in the spool.
 */
@Injectable()
export class Intake {
  private readonly logger = new Logger(Intake.name);
  private readonly combiner: Combiner<readonly LogRow[], Duplicates>;

  constructor(
    private readonly settings: Settings,
    private readonly writer: LogWriter,
    private readonly spool: Spool,
    private readonly drain: SpoolDrain,
    private readonly metrics: IntakeMetrics,
  ) {
    this.combiner = new Combiner((requests) => this.write(requests), {
      maxBatch: settings.intakeBatchSize,
      weightOf: (rows) => rows.length,
      maxInFlight: 2,
      lingerMs: settings.intakeIntervalMs,
    });
  }

  async take(rows: readonly LogRow[]): Promise<Duplicates> {
    const bytes = rows.reduce((sum, row) => sum + bytesOf(row), 0);
    if (this.metrics.waitingBytes + bytes > this.settings.intakeMemoryBytes) throw new IntakeFull();
    const done = this.metrics.arrived(rows.length, bytes);
    try {
      const duplicates = await this.combiner.submit(rows);
      this.metrics.stored(rows, duplicates);
      return duplicates;
    } finally {
      done();
    }
  }

  private async write(requests: (readonly LogRow[])[]): Promise<Outcome<Duplicates>[]> {
    try {
      const duplicates = await this.store(requests.flat());
      return requests.map(() => ({ value: duplicates }));
    } catch (error) {
      if (requests.length === 1 || isDatabaseAway(error)) throw error;
      // One request's flaw is not the others': each by itself.
      return Promise.all(requests.map((rows) => this.store(rows).then((value) => ({ value }), (error: unknown) => ({ error }))));
    }
  }

  private async store(rows: readonly LogRow[]): Promise<Duplicates> {
    const { unique, repeated } = firstOfEach(rows);
    const duplicates = await this.storeUnique(unique);
    return repeated.size === 0 ? duplicates : new Set([...repeated, ...duplicates]);
  }

  private async storeUnique(rows: readonly LogRow[]): Promise<Duplicates> {
    if (!this.settings.databaseUrl) return this.writer.write(rows);
    if (this.drain.isAway) return this.spool.add(rows);
    try {
      const spooled = this.spool.duplicates(rows);
      const written = await this.writer.write(spooled.size === 0 ? rows : rows.filter((row) => !spooled.has(row.id)));
      return spooled.size === 0 ? written : new Set([...spooled, ...written]);
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      this.logger.warn(`The database is away (${String(error)}); message logs go to the spool.`);
      this.drain.noteAway();
      // Whether the rows were committed nobody knows; the drain stores them under the same ids, so it makes no difference.
      return this.spool.add(rows);
    }
  }
}

function firstOfEach(rows: readonly LogRow[]): { unique: readonly LogRow[]; repeated: Set<string> } {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const row of rows) {
    if (row.clientId === null) continue;
    const key = sameness(row);
    if (seen.has(key)) repeated.add(row.id);
    seen.add(key);
  }
  return { unique: repeated.size === 0 ? rows : rows.filter((row) => !repeated.has(row.id)), repeated };
}
