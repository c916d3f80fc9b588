import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogWriter } from '../src/message-logs/intake/log-writer.js';
import { Stats } from '../src/stats/stats.service.js';
import type { LogRow } from '../src/message-logs/intake/log-row.js';
import { Spool } from '../src/message-logs/intake/spool.js';
import { Combiner } from '../src/platform/batching/combiner.js';
import { SystemClock } from '../src/platform/clock/clock.js';
import { settingsFrom } from '../src/platform/config/load-settings.js';
import { optionsOf, sqlOf } from '../src/platform/database/database.module.js';
import { migrate } from '../src/platform/database/migrate.js';
import { connect } from '../src/platform/database/open-data-source.js';
import type { Sql } from '../src/platform/database/sql.js';
import { newId } from '../src/platform/ids/ids.js';
import { SCHEMA } from '../src/schema.js';
import { MysqlDatabase } from './database.js';
import { median } from './median.js';

/*
 * What docs/decisions/0003-intake.md rests on: three ways of taking message logs durably, without HTTP, in turns.
 * `node dist-bench/bench/intake-mechanisms.js mysql://… [SECONDS]`
 */
const CALLERS = 64;
const SECONDS = Number(process.argv[3] ?? 4);
const ROUNDS = 3;
const users = Array.from({ length: 20_000 }, () => newId());
const body = randomBytes(2048);

interface Mechanism {
  readonly name: string;
  take(rows: LogRow[]): Promise<unknown>;
  /** Ends what runs beside and answers how many rows reached MySQL. */
  finish?(): Promise<number>;
}

function rowsOf(count: number, named: boolean): LogRow[] {
  return Array.from({ length: count }, () => ({
    id: newId(), userId: users[Math.floor(Math.random() * users.length)]!, clientId: named ? newId() : null, conversationId: null, model: 'bench-1',
    messageCount: 2, promptTokens: 10, completionTokens: 20, latencyMs: 30, metadata: null, createdAt: new Date(), sealed: body,
  }));
}

function oneByOne(writer: LogWriter): Mechanism {
  return { name: 'a transaction a request', take: (rows) => writer.write(rows) };
}

function groupCommit(writer: LogWriter, maxInFlight: number): Mechanism {
  const combiner = new Combiner<LogRow[], undefined>(async (requests) => {
    await writer.write(requests.flat());
    return requests.map(() => ({ value: undefined }));
  }, { maxBatch: 256, weightOf: (rows) => rows.length, maxInFlight });
  return { name: `group commit, ${maxInFlight} in flight`, take: (rows) => combiner.submit(rows) };
}

function spoolFirst(writer: LogWriter, dataDir: string): Mechanism {
  const spool = new Spool(settingsFrom({}, { dataDir, spoolBytes: 2 ** 40 }), new SystemClock());
  const combiner = new Combiner<LogRow[], undefined>(async (requests) => {
    spool.add(requests.flat());
    return requests.map(() => ({ value: undefined }));
  }, { maxBatch: 256, weightOf: (rows) => rows.length, maxInFlight: 1 });
  let moved = 0;
  let stopped = false;
  const mover = (async () => {
    while (!stopped) {
      const rows = spool.first(256);
      if (rows.length > 0) {
        await writer.write(rows.map(({ row }) => row), { again: true });
        spool.remove(rows);
        moved += rows.length;
      } else await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  return {
    name: 'spool first, a writer moves',
    take: (rows) => combiner.submit(rows),
    finish: async () => {
      stopped = true;
      await mover;
      spool.close();
      return moved;
    },
  };
}

/** Rows a second that were acknowledged, and of those the ones that had reached MySQL when the time was up. */
async function measure(mechanism: Mechanism, perRequest: number, named: boolean): Promise<{ taken: number; stored: number }> {
  const began = performance.now();
  const until = began + SECONDS * 1000;
  let taken = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() < until) {
      await mechanism.take(rowsOf(perRequest, named));
      taken += perRequest;
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  const seconds = (performance.now() - began) / 1000;
  const stored = mechanism.finish ? await mechanism.finish() : taken;
  return { taken: taken / seconds, stored: stored / seconds };
}

async function compare(sql: Sql, perRequest: number, named: boolean): Promise<void> {
  const writer = new LogWriter(sql, new Stats(sql));
  const makers = [() => oneByOne(writer), () => groupCommit(writer, 1), () => groupCommit(writer, 2), () => groupCommit(writer, 4), () => spoolFirst(writer, mkdtempSync(join(folder, 's-')))];
  const results = new Map<string, { taken: number; stored: number }[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const make of makers) {
      const mechanism = make();
      results.set(mechanism.name, [...(results.get(mechanism.name) ?? []), await measure(mechanism, perRequest, named)]);
    }
  }
  process.stdout.write(`\n${perRequest} of 2 KB a request, ${named ? 'with' : 'without'} ids of the client, ${CALLERS} callers\n`);
  const floor = median(results.values().next().value!.map(({ taken }) => taken));
  for (const [name, runs] of results) {
    const taken = median(runs.map((run) => run.taken));
    const stored = median(runs.map((run) => run.stored));
    process.stdout.write(`${name.padEnd(28)} ${Math.round(taken).toString().padStart(7)} taken/s (× ${(taken / floor).toFixed(2)})  ${Math.round(stored).toString().padStart(7)} stored/s (× ${(stored / floor).toFixed(2)})\n`);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'provost-intake-'));
const database = await MysqlDatabase.make(process.argv[2]!);
const settings = settingsFrom({}, { dataDir: folder, databaseUrl: database.address.url, databaseTimeoutMs: 10_000 });
const dataSource = await connect(optionsOf(settings, SCHEMA), settings);
try {
  await migrate(dataSource);
  process.stdout.write(`${database.description}\n`);
  const sql = sqlOf(dataSource, settings);
  await compare(sql, 1, false);
  await compare(sql, 1, true);
  await compare(sql, 20, true);
} finally {
  await dataSource.destroy();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
}
