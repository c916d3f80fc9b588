import type { Settings } from '../../platform/config/settings.js';
import { KeyFolder } from '../../platform/crypto/key-folder.js';
import { masterKeyOf } from '../../platform/crypto/master-key.js';
import { MasterKeys } from '../../platform/crypto/master-keys.js';
import { CommandFailed } from '../output.js';
import type { BackupHeader } from './archive.js';

export type BackupKeys = Pick<BackupHeader, 'keyCheck' | 'olderKeys' | 'keys'>;

/** The master keys that are known at this moment: those in files as text, those given by settings by id alone. */
export function knownKeys(settings: Settings): BackupKeys {
  const masters = new MasterKeys(settings);
  const keyCheck = masters.current.id;
  const olderKeys = masters.all().map(({ id }) => id).filter((id) => id !== keyCheck);
  return { keyCheck, olderKeys, keys: masters.folder.texts() };
}

/**
 * What a backup needs that was begun with some keys and ended with others: a rotation may have made one and removed
 * another meanwhile, and rows of that moment may be wrapped by either.
 */
export function joined(before: BackupKeys, after: BackupKeys): BackupKeys {
  const there = new Set(Object.values(after.keys));
  const gone = Object.values(before.keys).filter((text) => !there.has(text));
  const keys = { ...after.keys, ...Object.fromEntries(gone.map((text) => [`master.${masterKeyOf(text, 'master.key').id}.key`, text])) };
  const olderKeys = [...new Set([before.keyCheck, ...before.olderKeys, ...after.olderKeys])].filter((id) => id !== after.keyCheck);
  return { keyCheck: after.keyCheck, olderKeys, keys };
}

/** Refuses a backup with text that no key would open that is here or in it. */
export function demandMasterKeys(settings: Settings, { keyCheck, olderKeys, keys }: BackupKeys): void {
  const given = [settings.masterKey ?? [], settings.masterKeysOld].flat();
  const here = [...given, ...Object.values(keys)].map((text) => masterKeyOf(text, 'A master key').id);
  const known = new Set([...here, ...new KeyFolder(settings.dataDir).all().map(({ id }) => id)]);
  const missing = [keyCheck, ...olderKeys].filter((id) => !known.has(id));
  if (missing.length === 0) return;
  throw new CommandFailed(`The backup was made with another master key (${missing.join(', ')}), so its encrypted text could not be read. Set MASTER_KEY or MASTER_KEYS_OLD to what it was made with.`);
}

/** Makes the backup's keys readable here, before a row is that needs them. */
export function addKeyFiles(settings: Settings, { keys }: BackupKeys): void {
  const folder = new KeyFolder(settings.dataDir);
  for (const text of Object.values(keys)) folder.add(text);
}

/** Those that were here stay readable: what they opened must not be lost. */
export function makeBackupKeyCurrent(settings: Settings, { keyCheck }: BackupKeys): void {
  const folder = new KeyFolder(settings.dataDir);
  const key = folder.all().find(({ id }) => id === keyCheck);
  if (key) folder.makeCurrent(key);
}
