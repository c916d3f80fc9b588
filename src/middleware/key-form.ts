import { crc32 } from 'node:zlib';

export const KEY_PREFIX = 'pv_';
const FORM = /^pv_[a-z][a-z0-9]{1,15}_([0-9A-Za-z]{22})_[0-9A-Za-z]{43}([0-9A-Za-z]{6})$/;
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE = BigInt(DIGITS.length);
const ID_END = 1n << 128n;

/** The id inside an API key; undefined for what Provost never made, which is refused without asking it. */
export function idInKey(key: string): string | undefined {
  const [, id, checksum] = FORM.exec(key) ?? [];
  if (id === undefined || valueOf(checksum!) !== BigInt(crc32(key.slice(0, -checksum!.length)))) return undefined;
  const value = valueOf(id);
  if (value >= ID_END) return undefined;
  const hex = value.toString(16).padStart(32, '0');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function valueOf(base62: string): bigint {
  return [...base62].reduce((value, digit) => value * BASE + BigInt(DIGITS.indexOf(digit)), 0n);
}
