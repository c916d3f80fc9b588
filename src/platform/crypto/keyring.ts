import { Injectable } from '@nestjs/common';
import { SettingsError } from '../config/load-settings.js';
import { expand } from './derivation.js';
import { MasterKeys } from './master-keys.js';
import { open, seal } from './sealing.js';

export { hmac, sha256 } from './hashes.js';

const ID_END = '.';

/** Wraps small secrets for storage, and derives keys that outlive any master key. */
@Injectable()
export class Keyring {
  /** @param root what keys are derived from; stored under the master key, so that it stays when that changes */
  constructor(
    private readonly masters: MasterKeys,
    private readonly root: Buffer,
  ) {}

  /** A key of its own for each purpose, so that no two uses ever share one. */
  derive(purpose: string): Buffer {
    return expand(this.root, purpose);
  }

  wrap(plain: Buffer | string, context: string): string {
    return wrap(this.masters, plain, context);
  }

  unwrap(wrapped: string, context: string): Buffer {
    return unwrap(this.masters, wrapped, context);
  }
}

/** `<id of the master key>.<base64url>`; opens only in the same context. */
export function wrap({ current }: MasterKeys, plain: Buffer | string, context: string): string {
  return `${current.id}${ID_END}${seal(current.bytes, plain, context).toString('base64url')}`;
}

export function unwrap(masters: MasterKeys, wrapped: string, context: string): Buffer {
  const id = wrapperOf(wrapped);
  if (id === undefined) return openWithAny(masters, wrapped, context);
  const key = masters.find(id);
  if (!key) throw new UnknownMasterKey(id);
  return open(key.bytes, Buffer.from(wrapped.slice(id.length + ID_END.length), 'base64url'), context);
}

/** The id of the master key that wraps the value; undefined for values from before keys had ids. */
export function wrapperOf(wrapped: string): string | undefined {
  const end = wrapped.indexOf(ID_END);
  return end < 0 ? undefined : wrapped.slice(0, end);
}

function openWithAny(masters: MasterKeys, wrapped: string, context: string): Buffer {
  const sealed = Buffer.from(wrapped, 'base64url');
  for (const { bytes } of masters.all()) {
    try {
      return open(bytes, sealed, context);
    } catch {
      // Another key may fit.
    }
  }
  throw new UnknownMasterKey();
}

/** A secret is wrapped by a key that is neither in the settings nor in DATA_DIR/keys. */
export class UnknownMasterKey extends SettingsError {
  constructor(id?: string) {
    super(`A stored secret was wrapped by ${id === undefined ? 'a master key' : `master key ${id}`}, which is not here. Put it back into DATA_DIR/keys or MASTER_KEYS_OLD.`);
  }
}
