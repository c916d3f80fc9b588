import { createHash, createPublicKey } from 'node:crypto';

/** By which people compare public keys. */
export function fingerprintOf(publicKey: string): string {
  return createHash('sha256').update(createPublicKey(publicKey).export({ format: 'der', type: 'spki' })).digest('base64url');
}

/** No such file, or no such key. */
export function cannotRead(error: unknown): error is Error {
  return error instanceof Error && 'code' in error;
}
