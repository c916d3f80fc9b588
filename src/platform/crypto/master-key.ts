import { randomBytes } from 'node:crypto';
import { SettingsError } from '../config/load-settings.js';
import { hmac } from './hashes.js';

const BYTES = 32;
const ID_LENGTH = 12;

/** A key that wraps other secrets. Its id tells nothing about it and is the same wherever the key is. */
export interface MasterKey {
  readonly id: string;
  readonly bytes: Buffer;
}

/** @param place names the setting or file, for whoever has to mend it */
export function masterKeyOf(text: string, place: string): MasterKey {
  const bytes = Buffer.from(text.trim(), 'base64');
  if (bytes.length !== BYTES) {
    throw new SettingsError(`${place} does not hold 32 bytes as base64. Put back the right key from a backup: without it nothing that is encrypted can be read.`);
  }
  return { id: hmac(bytes, 'provost/master-key-id').toString('hex').slice(0, ID_LENGTH), bytes };
}

export function newMasterKey(): string {
  return randomBytes(BYTES).toString('base64');
}
