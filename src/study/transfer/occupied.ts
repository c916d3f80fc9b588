import type { Times } from '../sessions/told-times.js';

/** Times in which somebody studied, added in about the order in which they began. */
export class Occupied {
  private readonly stretches: Times[] = [];
  private readonly latestEnds: number[] = [];

  /** @param stretches in the order in which they began */
  constructor(stretches: readonly Times[] = []) {
    for (const stretch of stretches) this.add(stretch);
  }

  add(stretch: Times): void {
    this.stretches.push(stretch);
    this.latestEnds.push(Math.max(this.latestEnds.at(-1) ?? 0, stretch.finishedAt.getTime()));
  }

  /** From the last one back to where all that came before had ended. */
  overlaps({ startedAt, finishedAt }: Times): boolean {
    for (let index = this.lastBefore(finishedAt); index >= 0 && this.latestEnds[index]! > startedAt.getTime(); index -= 1) {
      const each = this.stretches[index]!;
      if (each.startedAt < finishedAt && each.finishedAt > startedAt) return true;
    }
    return false;
  }

  private lastBefore(at: Date): number {
    let [low, high] = [0, this.stretches.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.stretches[middle]!.startedAt < at) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
