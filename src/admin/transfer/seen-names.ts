import { createHash } from 'node:crypto';

const FIRST_CAPACITY = 1024;

/**
 * Texts that were seen, eight bytes of a hash each: the names of a million users fit into 32 MB. That it takes one text
 * for another happens once in ten million files of that size.
 */
export class SeenNames {
  private slots = new BigUint64Array(FIRST_CAPACITY);
  private size = 0;

  has(text: string): boolean {
    return this.slots[place(this.slots, hashOf(text))] !== 0n;
  }

  add(text: string): void {
    if (this.size * 2 >= this.slots.length) this.grow();
    const hash = hashOf(text);
    const at = place(this.slots, hash);
    if (this.slots[at] === 0n) this.size += 1;
    this.slots[at] = hash;
  }

  private grow(): void {
    const larger = new BigUint64Array(this.slots.length * 2);
    for (const hash of this.slots) if (hash !== 0n) larger[place(larger, hash)] = hash;
    this.slots = larger;
  }
}

/** Where the hash stands, or the empty slot (0) that is its own. */
function place(slots: BigUint64Array, hash: bigint): number {
  const last = slots.length - 1;
  let at = Number(hash & 0xffffffffn) & last;
  while (slots[at] !== 0n && slots[at] !== hash) at = (at + 1) & last;
  return at;
}

function hashOf(text: string): bigint {
  return createHash('sha256').update(text).digest().readBigUInt64LE() || 1n;
}
