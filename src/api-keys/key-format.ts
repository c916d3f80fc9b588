import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { base62Length, fromBase62, toBase62 } from '../platform/ids/base62.js';
import { sha256 } from '../platform/crypto/keyring.js';

const ID_BYTES = 16;
const SECRET_BYTES = 32;
const CHECKSUM_BYTES = 4;
const FORM = new RegExp(
  `^pv_[a-z][a-z0-9]{1,15}_([0-9A-Za-z]{${base62Length(ID_BYTES)}})_[0-9A-Za-z]{${base62Length(SECRET_BYTES)}}([0-9A-Za-z]{${base62Length(CHECKSUM_BYTES)}})$`,
);

export const KEY_PREFIX = 'pv_';

/** A key as it is shown once, and what is kept of it. */
export interface IssuedKey {
  readonly key: string;
  readonly hash: string;
  /** The end of the key, to tell keys apart in a list. */
  readonly hint: string;
}

/**
 * `pv_<environment>_<id>_<secret><checksum>`: the id finds the row, the secret is 256 random bits, and the checksum
 * (CRC-32 of all before it) tells a mistyped or invented key from a real one without asking the database.
 */
export function issueKey(environment: string, id: string): IssuedKey {
  const head = `pv_${environment}_${toBase62(Buffer.from(id.replaceAll('-', ''), 'hex'))}_${toBase62(randomBytes(SECRET_BYTES))}`;
  const key = head + checksum(head);
  return { key, hash: hashOf(key), hint: key.slice(-4) };
}

/** The id inside a well-formed key, or undefined for junk. Says nothing about whether the key exists. */
export function idInKey(key: string): string | undefined {
  const match = FORM.exec(key);
  if (!match) return undefined;
  if (checksum(key.slice(0, -match[2]!.length)) !== match[2]) return undefined;
  const hex = fromBase62(match[1]!, ID_BYTES)?.toString('hex');
  return hex && `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A plain hash is enough: what it hides is 256 random bits, not a word somebody chose. */
export function hashOf(key: string): string {
  return sha256(key).toString('base64url');
}

function checksum(head: string): string {
  const bytes = Buffer.alloc(CHECKSUM_BYTES);
  bytes.writeUInt32BE(crc32(head));
  return toBase62(bytes);
}
