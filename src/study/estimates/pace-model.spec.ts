import { accuracyOf } from './accuracy.js';
import { finishDates } from './finish-dates.js';
import { isTelling, paceAfter, secondsInOneSession, secondsLeft, START } from './pace-model.js';

const QUICK = Math.log(0.1);

describe('the pace of a reader', () => {
  it('is that of all readers at first: 238 words a minute, give or take', () => {
    const { low, expected, high } = secondsInOneSession(238 * 10, paceAfter([], START.word));
    expect(expected).toBeCloseTo(600, 6);
    expect([Math.round(low), Math.round(high)]).toEqual([304, 1183]);
  });

  it('is drawn from there to the reader’s own with every session, and says on how many it rests', () => {
    const means = [0, 1, 3, 30].map((count) => paceAfter(Array.from({ length: count }, () => QUICK), START.word));
    expect(means.map(({ sessions }) => sessions)).toEqual([0, 1, 3, 30]);
    const distances = means.map(({ mean }) => mean - QUICK);
    expect(distances).toEqual([...distances].sort((a, b) => b - a));
    expect(distances.at(-1)).toBeLessThan(0.02);
    expect(means.map(({ variance }) => variance)).toEqual(means.map(({ variance }) => variance).sort((a, b) => b - a));
  });

  it('counts a session 0.97 times the next younger one', () => {
    const { mean } = paceAfter([0, 1], { mean: 0, betweenSd: 1e9, withinSd: 1 });
    expect(mean).toBeCloseTo(0.97 / 1.97, 9);
  });

  it('is not told by what is too short to be reading', () => {
    expect(isTelling({ units: 300, ms: 59_999 })).toBe(false);
    expect(isTelling({ units: 0, ms: 600_000 })).toBe(false);
    expect(isTelling({ units: 300, ms: 60_000 })).toBe(true);
  });

  it('leaves less to chance the more sessions are left, but never less than is unknown of the reader', () => {
    const pace = paceAfter([], START.word);
    const widths = [1, 2, 10, 1000].map((sessions) => {
      const { low, high } = secondsLeft(5000 * sessions, 5000, pace);
      return Math.log(high / low);
    });
    expect(widths).toEqual([...widths].sort((a, b) => b - a));
    expect(widths.at(-1)).toBeGreaterThan(2 * 1.2815 * 0.45);
    expect(secondsLeft(0, 5000, pace)).toEqual({ low: 0, expected: 0, high: 0 });
  });

  it('leads to days at so many minutes each, today included', () => {
    const hours = { low: 3600, expected: 7200, high: 10_800 };
    expect(finishDates('2026-02-27', hours, 60)).toEqual({ earliest: '2026-02-27', expected: '2026-02-28', latest: '2026-03-01' });
    expect(finishDates('2026-02-27', hours, 0)).toBeNull();
    expect(finishDates('2026-02-27', hours, 0.01)).toBeNull();
    expect(finishDates('2026-02-27', { low: 0, expected: 0, high: 0 }, 60)).toEqual({ earliest: '2026-02-27', expected: '2026-02-27', latest: '2026-02-27' });
  });
});

describe('the accuracy of estimates', () => {
  const compared = (error: number, covered: boolean) => ({ sessionId: 's', unit: 'word', givenAt: new Date(0), sessions: 3, units: 1000, activeMs: 60_000, error, covered }) as const;

  it('says how many were covered, how far off they were, and to which side', () => {
    const { coverage, medianError, bias } = accuracyOf([compared(Math.log(1.5), false), compared(0, true), compared(Math.log(1.2), true), compared(Math.log(1.1), true)]);
    expect(coverage).toBe(0.75);
    expect(medianError).toBeCloseTo(0.15, 9);
    expect(bias).toBeCloseTo((1.5 * 1.2 * 1.1) ** 0.25 - 1, 9);
  });

  it('says that it knows nothing before there was anything to compare', () => {
    expect(accuracyOf([])).toMatchObject({ compared: 0, coverage: null, medianError: null, bias: null, latest: [] });
  });
});
