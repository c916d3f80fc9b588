import { Injectable } from '@nestjs/common';
import { Sql, type SqlConnection } from '../platform/database/sql.js';
import { newId } from '../platform/ids/ids.js';
import type { Tally } from './tally.js';

/**
 * Where counts come in: in the transaction that makes what they count, as one row that nobody else touches. Hence they are
 * as exact and as durable as what they count, and no two writers wait for each other (docs/decisions/0008-stats.md).
 */
@Injectable()
export class Stats {
  constructor(private readonly sql: Sql) {}

  async record(tally: Tally, tx: SqlConnection = this.sql): Promise<void> {
    if (tally.isEmpty) return;
    await tx.execute('INSERT INTO stats_deltas (id, body) VALUES (?, ?)', [newId(), Buffer.from(tally.json)]);
  }
}
