import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM with a random nonce: nonce, tag, ciphertext. `context` must be the same when it is opened. */
export function seal(key: Buffer, plain: Buffer | string, context: string): Buffer {
  const nonce = freshNonce();
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(context));
  const body = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
  // GCM holds nothing back: the end adds no bytes, only the tag.
  cipher.final();
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

const random = Buffer.allocUnsafeSlow(NONCE_BYTES * 256);
let used = random.length;

/** From a store of random bytes, none of which is ever used twice: asking the system for each cost as much as sealing. */
function freshNonce(): Buffer {
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  return Buffer.from(random.subarray(used, (used += NONCE_BYTES)));
}

/** Throws when the key or the context is another, or a byte was changed. */
export function open(key: Buffer, sealed: Buffer, context: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  decipher.setAAD(Buffer.from(context));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
}
