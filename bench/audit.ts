import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EntityManager } from 'typeorm';
import { AuditChain } from '../src/audit/audit-chain.js';
import { AuditEvent } from '../src/audit/audit-event.entity.js';
import { AuditService, SYSTEM } from '../src/audit/audit.service.js';
import { SystemClock } from '../src/platform/clock/clock.js';
import { settingsFrom } from '../src/platform/config/load-settings.js';
import type { Settings } from '../src/platform/config/settings.js';
import { Keyring } from '../src/platform/crypto/keyring.js';
import { MasterKeys } from '../src/platform/crypto/master-keys.js';
import { optionsOf, sqlOf } from '../src/platform/database/database.module.js';
import { insertRow } from '../src/platform/database/insert-row.js';
import { migrate } from '../src/platform/database/migrate.js';
import { connect } from '../src/platform/database/open-data-source.js';
import type { ProvostDataSource } from '../src/platform/database/provost-data-source.js';
import { newId } from '../src/platform/ids/ids.js';
import { SCHEMA } from '../src/schema.js';
import { EmbeddedDatabase, MysqlDatabase } from './database.js';
import { median } from './median.js';
import type { Options } from './options.js';
import { aligned, markdown } from './report.js';

type Change = (id: string) => Promise<unknown>;

const CONCURRENCIES = [1, 32];
/** So many that two callers seldom change the same one. */
const CHANGED = 10_000;
const HEADINGS = ['callers', 'plain insert /s', 'chained /s', 'ratio'];
const BEFORE_AND_AFTER = { before: { value: 'Somebody' }, after: { value: 'Somebody Else' }, reason: 'asked for' };

/** What it costs that the audit row of a change is chained: the same change with the same row, plainly inserted, in turns. */
export async function runAudit(options: Options, say: (line: string) => void): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), 'provost-audit-'));
  const mysql = options.databaseUrl ? await MysqlDatabase.make(options.databaseUrl) : undefined;
  try {
    const settings = settingsFrom({}, { dataDir, databaseUrl: mysql?.address.url });
    const dataSource = await connect(optionsOf(settings, SCHEMA), settings);
    try {
      await migrate(dataSource);
      const rows = await compare(dataSource.manager, await auditOf(dataSource, settings), options, say);
      const { description } = mysql ?? new EmbeddedDatabase(dataDir);
      process.stdout.write(`\n${[...(options.markdown ? markdown(rows, HEADINGS) : aligned(rows, HEADINGS)), '', `${description}; changes in one process without HTTP, medians of ${options.rounds} rounds of ${options.seconds} s in turns`, ''].join('\n')}`);
    } finally {
      await dataSource.destroy();
    }
    return 0;
  } finally {
    await mysql?.drop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function auditOf(dataSource: ProvostDataSource, settings: Settings): Promise<AuditService> {
  const chain = new AuditChain(dataSource.manager, sqlOf(dataSource, settings), new Keyring(new MasterKeys(settings), randomBytes(32)));
  await chain.onModuleInit();
  return new AuditService(dataSource.manager, new SystemClock(), chain);
}

async function compare(db: EntityManager, audit: AuditService, { seconds, rounds }: Options, say: (line: string) => void): Promise<string[][]> {
  const ids = await changeable(db);
  const change = (tx: EntityManager, id: string): Promise<unknown> => tx.query('UPDATE bench_changes SET value = value + 1 WHERE id = ?', [id]);
  const plain: Change = (id) => db.transaction(async (tx) => {
    await change(tx, id);
    await insertRow(tx, AuditEvent, Object.assign(new AuditEvent(), { at: new Date(), actorKind: 'system', action: 'bench.change', targetId: id, ...BEFORE_AND_AFTER }));
  });
  const chained: Change = (id) => db.transaction(async (tx) => {
    await change(tx, id);
    await audit.record(tx, SYSTEM, 'bench.change', id, BEFORE_AND_AFTER);
  });
  const table: string[][] = [];
  for (const callers of CONCURRENCIES) {
    const rates = { plain: [] as number[], chained: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      say(`${callers} callers, round ${round + 1}`);
      rates.plain.push(await rate(plain, callers, seconds, ids));
      rates.chained.push(await rate(chained, callers, seconds, ids));
    }
    const [floor, ours] = [median(rates.plain), median(rates.chained)];
    table.push([String(callers), floor.toFixed(0), ours.toFixed(0), (ours / floor).toFixed(2)]);
  }
  return table;
}

async function changeable(db: EntityManager): Promise<string[]> {
  const ids = Array.from({ length: CHANGED }, () => newId());
  await db.query('CREATE TABLE bench_changes (id VARCHAR(36) PRIMARY KEY, value INT NOT NULL)');
  await db.query(`INSERT INTO bench_changes (id, value) VALUES ${ids.map((id) => `('${id}', 0)`).join(', ')}`);
  return ids;
}

async function rate(change: Change, callers: number, seconds: number, ids: readonly string[]): Promise<number> {
  const began = performance.now();
  let changes = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() - began < seconds * 1000) {
      await change(ids[Math.floor(Math.random() * ids.length)]!);
      changes += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return changes / ((performance.now() - began) / 1000);
}
