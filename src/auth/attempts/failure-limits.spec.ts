import { waitSeconds } from './failure-limits.js';

const SLOWING = { most: 10, windowSeconds: 900, slows: true };
const HARD = { most: 10, windowSeconds: 900, slows: false };
const START = Date.parse('2026-03-02T12:00:00Z');
const failed = (count: number, lastAt = START) => ({ count, windowStartedAt: START, lastAt });

describe('the wait before the next try', () => {
  it('is none without failures, and none for the first two', () => {
    expect([undefined, failed(1), failed(2)].map((failures) => waitSeconds(failures, SLOWING, START))).toEqual([0, 0, 0]);
  });

  it('doubles with each failure after that', () => {
    expect([3, 4, 5, 6, 7, 8, 9].map((count) => waitSeconds(failed(count), SLOWING, START))).toEqual([1, 2, 4, 8, 16, 32, 64]);
  });

  it('counts from the last failure', () => {
    expect(waitSeconds(failed(6, START + 60_000), SLOWING, START + 63_000)).toBe(5);
    expect(waitSeconds(failed(6, START + 60_000), SLOWING, START + 68_000)).toBe(0);
  });

  it('lasts to the end of the window once the limit is reached', () => {
    expect(waitSeconds(failed(10, START + 100_000), SLOWING, START + 100_000)).toBe(800);
    expect(waitSeconds(failed(12, START + 899_999), SLOWING, START + 899_999)).toBeCloseTo(0.001);
    expect(waitSeconds(failed(12, START + 899_999), SLOWING, START + 900_000)).toBe(0);
  });

  it('is none below a limit that does not slow', () => {
    expect(waitSeconds(failed(9), HARD, START)).toBe(0);
    expect(waitSeconds(failed(10), HARD, START)).toBe(900);
  });
});
