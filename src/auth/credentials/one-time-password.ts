import { randomBytes } from 'node:crypto';
import { toBase62 } from '../../platform/ids/base62.js';

/** Told to its owner once, and good for one sign-in: that asks for a password of the owner's own. */
export function oneTimePassword(): string {
  return toBase62(randomBytes(16));
}
