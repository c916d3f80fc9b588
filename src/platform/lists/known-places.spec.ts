import { KnownPlaces, type Walk } from './known-places.js';
import type { Place } from './keyset.js';

/** A list of so many records, and how many of them a walk has passed. */
function listOf(count: number): { walk: Walk; walked: () => number } {
  let walked = 0;
  const walk: Walk = async (after, steps) => {
    const at = (after ? Number(after.value) : 0) + steps;
    walked += steps;
    return at <= count ? place(at) : undefined;
  };
  return { walk, walked: () => walked };
}

const place = (number: number): Place => ({ value: number, id: String(number) });

describe('Known places', () => {
  it('lead to any place with less than a step to go', async () => {
    const places = new KnownPlaces();
    const { walk } = listOf(1_000_000);
    for (const offset of [0, 999, 1000, 500_000, 499_999, 12_345, 999_999, 1001]) {
      const { after, skip } = await places.near('list', offset, walk);
      expect(Number(after?.value ?? 0) + skip).toBe(offset);
      expect(skip).toBeLessThan(1000);
    }
  });

  it('are walked to once, whoever asks meanwhile', async () => {
    const places = new KnownPlaces();
    const { walk, walked } = listOf(100_000);
    await Promise.all(Array.from({ length: 20 }, (_, n) => places.near('list', 50_000 - n * 100, walk)));
    expect(walked()).toBe(50_000);
  });

  it('end where the list ends, and are found again after a walk that failed', async () => {
    const places = new KnownPlaces();
    const { walk } = listOf(2500);
    const failed = places.near('list', 2400, () => Promise.reject(new Error('away')));
    await expect(failed).rejects.toThrow('away');
    expect(await places.near('list', 2400, walk)).toEqual({ after: place(2000), skip: 400 });
    expect(await places.near('list', 9000, walk)).toEqual({ after: place(2000), skip: 7000 });
  });
});
