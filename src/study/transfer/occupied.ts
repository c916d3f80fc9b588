import type { Times } from '../sessions/told-times.js';

/** Times in which somebody studied, in the order in which they began; quick where they are added in about that order. */
export class Occupied {
  private readonly stretches: Times[] = [];
  /** Up to and including each. */
  private readonly latestEnds: number[] = [];

  constructor(stretches: readonly Times[] = []) {
    for (const stretch of stretches) this.add(stretch);
  }

  add(stretch: Times): void {
    let place = this.stretches.length;
    while (place > 0 && this.stretches[place - 1]!.startedAt > stretch.startedAt) place -= 1;
    this.stretches.splice(place, 0, stretch);
    for (let index = place; index < this.stretches.length; index += 1) this.latestEnds[index] = Math.max(this.latestEnds[index - 1] ?? 0, this.stretches[index]!.finishedAt.getTime());
  }

  /** From the last one that began before back to where all that came before had ended. */
  overlaps({ startedAt, finishedAt }: Times): boolean {
    for (let index = this.countBefore(finishedAt) - 1; index >= 0 && this.latestEnds[index]! > startedAt.getTime(); index -= 1) {
      if (this.stretches[index]!.finishedAt > startedAt) return true;
    }
    return false;
  }

  private countBefore(at: Date): number {
    let [low, high] = [0, this.stretches.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.stretches[middle]!.startedAt < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
