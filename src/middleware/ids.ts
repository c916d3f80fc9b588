import { randomBytes } from 'node:crypto';
import type { Time } from './time.js';

/** UUIDv7 (RFC 9562 §5.7): the ids of one maker sort as they were made, also within a millisecond. */
export class Ids {
  private last = 0;
  private counter = 0;

  constructor(private readonly time: Time) {}

  next(): string {
    const now = Math.floor(this.time.wall());
    if (now > this.last) {
      this.last = now;
      this.counter = randomBytes(2).readUInt16BE() & 0x3ff;
    } else if (++this.counter > 0xfff) {
      this.last += 1;
      this.counter = 0;
    }
    return this.format(randomBytes(8));
  }

  private format(tail: Buffer): string {
    const time = this.last.toString(16).padStart(12, '0');
    tail[0] = 0x80 | (tail[0]! & 0x3f);
    const hex = tail.toString('hex');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${this.counter.toString(16).padStart(3, '0')}-${hex.slice(0, 4)}-${hex.slice(4)}`;
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export function isId(text: unknown): text is string {
  return typeof text === 'string' && UUID.test(text);
}
