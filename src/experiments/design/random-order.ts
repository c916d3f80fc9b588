import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { DesignRefused } from './design.errors.js';

/** Chance that can be repeated: the same seed gives the same numbers on every machine. */
export class SeededChance {
  private readonly generator: ReturnType<typeof xoroshiro128plus>;

  /** @param seed A whole number from 0 to 4,294,967,295. */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) throw new DesignRefused('seed', 'A seed is a whole number from 0 to 4,294,967,295.');
    this.generator = xoroshiro128plus(seed);
  }

  /** From 0 up to, not including, 1. */
  fraction(): number {
    return uniformFloat64(this.generator);
  }

  /** From 0 up to, not including, `count`. */
  index(count: number): number {
    return uniformInt(this.generator, 0, count - 1);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.index(items.length)]!;
  }

  /** By Fisher and Yates (1938): every order is as likely as every other. */
  shuffled<T>(items: readonly T[]): T[] {
    const order = [...items];
    for (let last = order.length - 1; last > 0; last -= 1) {
      const other = this.index(last + 1);
      [order[last], order[other]] = [order[other]!, order[last]!];
    }
    return order;
  }
}

/** Indices of the runs in the order in which they are to be done: block after block, by chance within each. */
export function runOrder(runs: readonly { block: number }[], seed: number): number[] {
  const chance = new SeededChance(seed);
  const blocks = [...new Set(runs.map(({ block }) => block))].sort((a, b) => a - b);
  return blocks.flatMap((block) => chance.shuffled([...runs.keys()].filter((index) => runs[index]!.block === block)));
}
