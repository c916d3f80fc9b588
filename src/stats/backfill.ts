import { setImmediate as breathe } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { CronExpression } from '@nestjs/schedule';
import { type Row, Sql, type SqlConnection } from '../platform/database/sql.js';
import { type JobReport, Jobs } from '../platform/jobs/jobs.js';
import { Stats } from './stats.service.js';
import { Tally } from './tally.js';

const CHUNK = 2000;

/** Rows that are counted as they come, and had to be counted once where they were there before. */
export interface BackfillSource {
  /** As in `stats_backfills`, where a migration puts it with the last id it had. */
  readonly name: string;
  /** Begins a select whose first column is the id. */
  readonly select: string;
  count(row: Row, tally: Tally): unknown;
}

/**
 * Counts what was there before statistics were kept, in the order of ids, a few thousand rows a transaction. How far it
 * came is written in the transaction that counts: each row is counted once, wherever it is broken off and however many run.
 */
@Injectable()
export class Backfill {
  private readonly sources: BackfillSource[] = [];

  constructor(
    private readonly sql: Sql,
    private readonly stats: Stats,
    jobs: Jobs,
  ) {
    jobs.define({ name: 'stats.backfill', description: 'counts what was there before statistics were kept', schedule: CronExpression.EVERY_HOUR, run: () => this.run() });
  }

  register(...sources: BackfillSource[]): void {
    this.sources.push(...sources);
  }

  async run(): Promise<JobReport> {
    const report: Record<string, number> = {};
    for (const source of this.sources) {
      report[source.name] = 0;
      for (let rows = CHUNK; rows === CHUNK; await breathe()) report[source.name]! += rows = await this.sql.transaction((tx) => this.step(tx, source));
    }
    return report;
  }

  private async step(tx: SqlConnection, source: BackfillSource): Promise<number> {
    const { name, select } = source;
    const { rows: [place] } = await tx.execute(`SELECT done_id, last_id FROM stats_backfills WHERE source = ?${this.sql.dialect.forUpdate}`, [name]);
    const [doneId, lastId] = (place ?? ['', '']) as [string, string];
    if (doneId >= lastId) return 0;
    const { rows } = await tx.execute(`${select} WHERE id > ? AND id <= ? ORDER BY id LIMIT ${CHUNK}`, [doneId, lastId]);
    const tally = new Tally();
    for (const row of rows) source.count(row, tally);
    await this.stats.record(tally, tx);
    await tx.execute('UPDATE stats_backfills SET done_id = ? WHERE source = ?', [rows.length < CHUNK ? lastId : (rows.at(-1)![0] as string), name]);
    return rows.length;
  }
}
