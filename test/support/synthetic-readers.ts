import type { PacePrior } from '../../src/study/estimates/pace-model.js';

/** Chance that is the same in every run (mulberry32). */
class Chance {
  constructor(private state: number) {}

  uniform(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  normal(mean: number, sd: number): number {
    return mean + sd * Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }
}

export interface SyntheticSession {
  readonly units: number;
  readonly ms: number;
}

/** Readers of known pace, each with so many sessions of 2,000 to 8,000 words; the same for the same seed. */
export function syntheticReaders(population: PacePrior, seed: number, { readers, sessions, drift = 0 }: { readers: number; sessions: number; drift?: number }): SyntheticSession[][] {
  const chance = new Chance(seed);
  return Array.from({ length: readers }, () => {
    const own = chance.normal(population.mean, population.betweenSd);
    return Array.from({ length: sessions }, (_, number) => {
      const units = Math.round(2000 + 6000 * chance.uniform());
      return { units, ms: 1000 * units * Math.exp(chance.normal(own + drift * number, population.withinSd)) };
    });
  });
}
