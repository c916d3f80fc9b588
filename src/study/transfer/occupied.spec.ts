import { Occupied } from './occupied.js';

const stretch = (from: number, to: number) => ({ startedAt: new Date(from), finishedAt: new Date(to) });

describe('occupied times', () => {
  it('touch without overlapping', () => {
    const occupied = new Occupied([stretch(10, 20), stretch(30, 40)]);
    for (const [from, to] of [[0, 10], [20, 30], [40, 50]] as const) expect(occupied.overlaps(stretch(from, to))).toBe(false);
    for (const [from, to] of [[0, 11], [19, 30], [12, 15], [5, 50], [39, 41]] as const) expect(occupied.overlaps(stretch(from, to))).toBe(true);
  });

  it('are found whatever order they were added in, as one by one', () => {
    const all = Array.from({ length: 200 }, (_, index) => (index * 7919) % 1009).map((from) => stretch(from, from + (from % 13)));
    const occupied = new Occupied();
    all.forEach((each, count) => {
      const expected = all.slice(0, count).some((other) => other.startedAt < each.finishedAt && other.finishedAt > each.startedAt);
      expect(occupied.overlaps(each)).toBe(expected);
      occupied.add(each);
    });
  });
});
