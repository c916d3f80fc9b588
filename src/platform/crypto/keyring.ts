import { createHash, createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { SettingsError } from '../config/load-settings.js';
import { Settings } from '../config/settings.js';
import { open, seal } from './sealing.js';

const MASTER_BYTES = 32;

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** The installation's secrets: given by setting, or made at first start in files only the owner can read. */
@Injectable()
export class Keyring {
  readonly signing: SigningKey;
  private readonly master: Buffer;

  constructor(settings: Settings) {
    const folder = join(settings.dataDir, 'keys');
    const master = settings.masterKey ?? firstOrMade(folder, 'master.key', () => randomBytes(MASTER_BYTES).toString('base64'));
    this.master = Buffer.from(master.trim(), 'base64');
    if (this.master.length !== MASTER_BYTES) {
      throw new SettingsError(`${join(folder, 'master.key')} does not hold 32 bytes as base64. Put back the right file from a backup: without it nothing that is encrypted can be read.`);
    }
    this.signing = signingKeyOf(settings.signingKey ?? firstOrMade(folder, 'signing.pem', newSigningKey));
  }

  /** A key of its own for each purpose, so that no two uses ever share one. */
  derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.master, '', `provost/${purpose}`, 32));
  }

  /** Encrypts a small secret for storage; base64url text. */
  wrap(plain: Buffer | string, context: string): string {
    return seal(this.master, plain, context).toString('base64url');
  }

  unwrap(wrapped: string, context: string): Buffer {
    return open(this.master, Buffer.from(wrapped, 'base64url'), context);
  }
}

export function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

export function sha256(text: string | Buffer): Buffer {
  return createHash('sha256').update(text).digest();
}

function newSigningKey(): string {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

function signingKeyOf(pem: string): SigningKey {
  const privateKey = readKey(pem);
  if (privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new SettingsError('Wrong setting: SIGNING_KEY must lie on the P-256 curve.');
  const publicKey = createPublicKey(privateKey);
  return { kid: thumbprint(publicKey), privateKey, publicKey };
}

function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new SettingsError('Wrong setting: SIGNING_KEY is not a readable PKCS#8 PEM private key.');
  }
}

/** RFC 7638: the hash of the required members in lexical order. */
function thumbprint(publicKey: KeyObject): string {
  const { crv, kty, x, y } = publicKey.export({ format: 'jwk' });
  return sha256(JSON.stringify({ crv, kty, x, y })).toString('base64url');
}

/** Reads the file, or makes it; of two processes that make it at once, the link of one fails and it reads the other's. */
function firstOrMade(folder: string, name: string, make: () => string): string {
  const path = join(folder, name);
  const known = readIfThere(path);
  if (known !== undefined) return known;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `.${name}.${process.pid}.${randomBytes(4).toString('hex')}`);
  writeFileSync(draft, make(), { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return readFileSync(path, 'utf8');
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
