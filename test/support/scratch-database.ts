import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import type { Settings } from '../../src/platform/config/settings.js';

export interface Scratch {
  readonly settings: Partial<Settings>;
  drop(): Promise<void>;
}

/** The MySQL server of this run (`npm run test:mysql` sets it), or undefined on the embedded engine. */
export const MYSQL_URL = process.env.TEST_DATABASE_URL;

/** A database is away when a test says so, not when disk or processor are busy for a second and a half. */
export const PATIENT_MS = 30_000;

/** A database of its own for one test file: a folder, and with TEST_DATABASE_URL a schema on that server. */
export async function scratchDatabase(): Promise<Scratch> {
  const dataDir = mkdtempSync(join(tmpdir(), 'provost-test-'));
  if (!MYSQL_URL) return { settings: { dataDir }, drop: async () => rmSync(dataDir, { recursive: true, force: true }) };
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(MYSQL_URL, `CREATE DATABASE ${name}`);
  const databaseUrl = new URL(MYSQL_URL);
  databaseUrl.pathname = `/${name}`;
  return {
    settings: { dataDir, databaseUrl: databaseUrl.toString(), databasePoolSize: 8, databaseTimeoutMs: PATIENT_MS },
    drop: async () => {
      await onServer(MYSQL_URL, `DROP DATABASE ${name}`);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const connection = await createConnection(url);
  await connection.query(statement);
  await connection.end();
}
