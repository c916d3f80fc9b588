import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock/clock.js';
import type { Sql } from '../database/sql.js';
import { extract } from './derivation.js';
import { Keyring, unwrap, wrap } from './keyring.js';
import type { MasterKeys } from './master-keys.js';

const ROOT = 'derivation-root';
const CONTEXT = `secret:${ROOT}`;

/** Reads the secret that keys are derived from, or makes it: of processes that make it at once one wins. */
export async function openKeyring(masters: MasterKeys, sql: Sql, clock: Clock): Promise<Keyring> {
  const stored = await storedRoot(sql);
  if (stored === undefined) await sql.execute(`${sql.dialect.insertIgnore} secrets (name, wrapped, created_at) VALUES (?, ?, ?)`, [ROOT, wrap(masters, firstRoot(masters), CONTEXT), clock.now()]);
  return new Keyring(masters, unwrap(masters, (stored ?? (await storedRoot(sql)))!, CONTEXT));
}

/**
 * Installations from before this secret derived their keys from the master key: the same keys must come out, or every
 * refresh token would be worthless.
 */
function firstRoot(masters: MasterKeys): Buffer {
  return masters.areNew ? randomBytes(32) : extract(masters.current.bytes);
}

async function storedRoot(sql: Sql): Promise<string | undefined> {
  const { rows } = await sql.execute('SELECT wrapped FROM secrets WHERE name = ?', [ROOT]);
  return rows[0]?.[0] as string | undefined;
}

/** How its wrapped value is found again when the master key changes. */
export const SECRETS = { table: 'secrets', column: 'wrapped', key: ['name'], context: (name: string) => `secret:${name}` } as const;
