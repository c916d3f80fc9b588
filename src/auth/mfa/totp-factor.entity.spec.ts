import { TotpFactor } from './totp-factor.entity.js';

const at = (seconds: number): Date => new Date(Date.UTC(2026, 2, 2) + seconds * 1000);

describe('wrong codes of a factor', () => {
  const failedAt = (...instants: number[]): TotpFactor => {
    const factor = new TotpFactor();
    for (const instant of instants) factor.fail(at(instant));
    return factor;
  };

  it('block it for a quarter of an hour after the tenth', () => {
    const factor = failedAt(0, 1, 2, 3, 4, 5, 6, 7, 8);
    expect(factor.blockedSeconds(at(8))).toBe(0);
    factor.fail(at(100));
    expect([100, 999, 1000].map((now) => factor.blockedSeconds(at(now)))).toEqual([900, 1, 0]);
  });

  it('are forgotten when the last is a quarter of an hour old', () => {
    const factor = failedAt(...Array.from({ length: 10 }, (_, index) => index));
    factor.fail(at(909));
    expect([factor.failures, factor.blockedSeconds(at(909))]).toEqual([1, 0]);
  });

  it('are never more than ten in any quarter of an hour, however they are spread', () => {
    for (const pause of [1, 30, 89, 90, 100, 450, 899]) {
      const factor = new TotpFactor();
      const taken: number[] = [];
      for (let now = 0; now < 20_000; now += pause) {
        if (factor.blockedSeconds(at(now)) > 0) continue;
        factor.fail(at(now));
        taken.push(now);
      }
      for (const first of taken) expect(taken.filter((each) => each >= first && each < first + 900).length).toBeLessThanOrEqual(10);
    }
  });
});
