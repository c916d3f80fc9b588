import { goalOf, heatLevels, perHour, streakOf, totalOf } from './study-figures.js';

const MINUTE = 60_000;

describe('figures about study time', () => {
  it('count days in a row up to today, and keep a streak alive that today can still go on with', () => {
    const days = ['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-05', '2026-03-06'];
    expect(streakOf(days, '2026-03-06')).toEqual({ current: 2, longest: 3 });
    expect(streakOf(days, '2026-03-07')).toEqual({ current: 2, longest: 3 });
    expect(streakOf(days, '2026-03-08')).toEqual({ current: 0, longest: 3 });
    expect(streakOf([], '2026-03-08')).toEqual({ current: 0, longest: 0 });
  });

  it('count days in a row across months, leap days and changes of the clock', () => {
    expect(streakOf(['2028-02-28', '2028-02-29', '2028-03-01'], '2028-03-01')).toEqual({ current: 3, longest: 3 });
    expect(streakOf(['2026-03-28', '2026-03-29', '2026-03-30'], '2026-03-30')).toEqual({ current: 3, longest: 3 });
  });

  it('say pace only where there was time to measure it', () => {
    expect(perHour(30, 90 * MINUTE)).toBe(20);
    expect(perHour(0, 0)).toBeNull();
  });

  it('hold days against the goal', () => {
    const of = (day: string, minutes: number) => ({ ...totalOf([]), day, readingMs: minutes * MINUTE });
    expect(goalOf([of('2026-03-01', 30), of('2026-03-02', 29), of('2026-03-03', 45)], 30, of('2026-03-03', 45))).toEqual({ dailyMinutes: 30, daysMet: 2, todayMinutes: 45 });
  });

  it('shade days by quarters of those on which something was studied', () => {
    expect(heatLevels([0, 10, 20, 30, 4000])).toEqual([0, 1, 2, 3, 4]);
    expect(heatLevels([0, 5, 0])).toEqual([0, 4, 0]);
    expect(heatLevels([7, 7, 7, 7])).toEqual([4, 4, 4, 4]);
    expect(heatLevels([])).toEqual([]);
  });
});
