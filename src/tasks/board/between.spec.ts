import { between, GAP } from './between.js';

describe('a position', () => {
  it('lies strictly between its neighbours, or a gap beyond the only one', () => {
    expect(between(1, 2)).toBe(1.5);
    expect(between(undefined, undefined)).toBe(GAP);
    expect(between(5, undefined)).toBe(5 + GAP);
    expect(between(undefined, 5)).toBe(5 - GAP);
  });

  it('is refused where no number lies between: equal ones, ones next to each other, ones in the wrong order', () => {
    expect(between(1, 1)).toBeUndefined();
    expect(between(1, 1 + Number.EPSILON)).toBeUndefined();
    expect(between(2, 1)).toBeUndefined();
    expect(between(1e300, undefined)).toBeUndefined();
  });

  it('is found some fifty times in one gap', () => {
    let after = GAP;
    let times = 0;
    for (let next = between(0.5, after); next !== undefined; next = between(0.5, after), times += 1) after = next;
    expect(times).toBeGreaterThan(50);
  });
});
