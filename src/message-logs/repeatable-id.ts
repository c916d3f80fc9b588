import { createHash } from 'node:crypto';

/** A UUIDv8 (RFC 9562 §5.8) that the same caller, key and place in the request always give. */
export function repeatableId(callerId: string, idempotencyKey: string, index: number): string {
  const bytes = createHash('sha256').update(JSON.stringify([callerId, idempotencyKey, index])).digest();
  bytes[6] = 0x80 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = bytes.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
