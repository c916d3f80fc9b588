import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../platform/config/settings.js';
import { Keyring } from '../../platform/crypto/keyring.js';

const MASTER = 'master.key';
const SIGNING = 'signing.pem';

/** The key files under DATA_DIR that no setting replaces. */
export function keyFiles(settings: Settings): Record<string, string> {
  const folder = folderOf(settings);
  const replaced = [settings.masterKey && MASTER, settings.signingKey && SIGNING];
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => !name.includes('.before-') && !replaced.includes(name)) : [];
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** Differs when the master key does, and tells nothing about it. `keys` stand in for files that are not there yet. */
export function keyCheckOf(settings: Settings, keys: Readonly<Record<string, string>> = {}): string {
  const keyring = new Keyring({ ...settings, masterKey: settings.masterKey ?? keys[MASTER], signingKey: settings.signingKey ?? keys[SIGNING] });
  return keyring.derive('backup-check').toString('hex').slice(0, 16);
}

/** Puts the files into DATA_DIR/keys. Others of the same name stay beside them: what they opened must not be lost. */
export function restoreKeyFiles(settings: Settings, keys: Readonly<Record<string, string>>, stamp: string): void {
  const folder = folderOf(settings);
  const known = keyFiles(settings);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(keys)) {
    const path = join(folder, name);
    if (known[name] === text) continue;
    if (existsSync(path)) renameSync(path, `${path}.before-${stamp}`);
    writeFileSync(path, text, { mode: 0o600, flag: 'wx', flush: true });
  }
}

function folderOf(settings: Settings): string {
  return join(settings.dataDir, 'keys');
}
