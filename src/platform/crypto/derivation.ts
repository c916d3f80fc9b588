import { createHmac } from 'node:crypto';

/** HKDF-SHA256 (RFC 5869) in its two steps. The first cannot be undone: its outcome does not give away the key. */
export function extract(key: Buffer): Buffer {
  return createHmac('sha256', Buffer.alloc(32)).update(key).digest();
}

/** 32 bytes for this purpose. */
export function expand(root: Buffer, purpose: string): Buffer {
  return createHmac('sha256', root).update(`provost/${purpose}\u0001`).digest();
}
