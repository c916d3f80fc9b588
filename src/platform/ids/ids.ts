import { randomBytes } from 'node:crypto';

let last = 0;
let counter = 0;
let pool = Buffer.alloc(0);
let offset = 0;

/** Random bytes by the pool: one call of the generator serves many ids. */
function random(count: number): Buffer {
  if (offset + count > pool.length) {
    pool = randomBytes(4096);
    offset = 0;
  }
  return pool.subarray(offset, (offset += count));
}

/**
 * A UUIDv7 (RFC 9562 §5.7, method 1): 48 bits of milliseconds, a 12-bit counter that keeps ids of one process in order
 * within a millisecond, 62 random bits. Ids know the real time whatever clock is injected: they are names, not data.
 */
export function newId(): string {
  const now = Date.now();
  if (now > last) {
    last = now;
    counter = random(2).readUInt16BE() & 0x3ff;
  } else if (++counter > 0xfff) {
    last += 1;
    counter = 0;
  }
  const time = last.toString(16).padStart(12, '0');
  const tail = random(8);
  const variant = (0x80 | (tail[0]! & 0x3f)).toString(16);
  const hex = tail.toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${variant}${hex.slice(2, 4)}-${hex.slice(4)}`;
}

/** When the id was made, in milliseconds. */
export function timeOfId(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export function isId(text: unknown): text is string {
  return typeof text === 'string' && UUID.test(text);
}

/** The least id of that instant or later: ids are UUIDv7 and begin with the milliseconds of their making. */
export function idBound(at: number): string {
  const hex = Math.max(0, Math.floor(at)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}
