import { readFileSync } from 'node:fs';
import { SettingsError } from '../config/load-settings.js';
import type { Settings } from '../config/settings.js';

export interface MysqlTls {
  readonly ca?: string;
  readonly minVersion: 'TLSv1.2';
  readonly rejectUnauthorized: boolean;
  /** Whether the certificate must be for the host that was asked for; the driver's default is not. */
  readonly verifyIdentity: boolean;
}

/** For the driver; undefined where connections are plain. */
export function mysqlTls({ databaseTls, databaseTlsCa }: Settings): MysqlTls | undefined {
  if (databaseTls === 'off') return undefined;
  const isVerified = databaseTls === 'verified';
  return { ca: databaseTlsCa === undefined ? undefined : certificates(databaseTlsCa), minVersion: 'TLSv1.2', rejectUnauthorized: isVerified, verifyIdentity: isVerified };
}

function certificates(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new SettingsError('Wrong setting: DATABASE_TLS_CA names a file that cannot be read.');
  }
}
