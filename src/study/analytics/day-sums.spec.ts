import { LocalDays } from '../../platform/clock/local-days.js';
import { DaySums, MEASURES } from './day-sums.js';

const HOUR = 3_600_000;
const days = new LocalDays();
const stretch = (from: string, to: string | null): { startedAt: Date; endedAt: Date | null } => ({ startedAt: new Date(from), endedAt: to === null ? null : new Date(to) });
const session = { documentId: 'd', kind: 'reading', timeZone: 'Europe/Berlin', pages: 30, words: 9000, exercises: null } as const;

describe('sums of study time by day', () => {
  it('are cut at midnight of the zone in which it was studied', () => {
    const rows = new DaySums().add(session, [stretch('2026-03-02T22:30:00Z', '2026-03-02T23:30:00Z')], days).rows();
    expect(rows).toMatchObject([{ day: '2026-03-02', documentId: 'd', sessions: 1, readingMs: HOUR / 2, pages: 15, words: 4500 }, { day: '2026-03-03', sessions: 0, readingMs: HOUR / 2, pages: 15, words: 4500 }]);
  });

  it('count what passed and not what the clock on the wall showed, in the nights in which clocks change', () => {
    const spring = new DaySums().add(session, [stretch('2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z')], days).rows();
    expect(spring).toMatchObject([{ day: '2026-03-29', readingMs: 23 * HOUR }]);
    const autumn = new DaySums().add(session, [stretch('2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z')], days).rows();
    expect(autumn).toMatchObject([{ day: '2026-10-25', readingMs: 25 * HOUR }]);
    const acrossTheHour = new DaySums().add(session, [stretch('2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z')], days).rows();
    expect(acrossTheHour).toMatchObject([{ day: '2026-10-25', readingMs: HOUR }]);
  });

  it('know the days of Samoa, where one was left out, and of Cairo, where midnight is', () => {
    const samoa = new DaySums().add({ ...session, timeZone: 'Pacific/Apia' }, [stretch('2011-12-30T09:30:00Z', '2011-12-30T10:30:00Z')], days).rows();
    expect(samoa.map(({ day }) => day)).toEqual(['2011-12-29', '2011-12-31']);
    const cairo = new DaySums().add({ ...session, timeZone: 'Africa/Cairo' }, [stretch('2026-04-23T21:30:00Z', '2026-04-23T22:30:00Z')], days).rows();
    expect(cairo).toMatchObject([{ day: '2026-04-23', readingMs: HOUR / 2 }, { day: '2026-04-24', readingMs: HOUR / 2 }]);
  });

  it('lose no page however many days a session has', () => {
    const rows = new DaySums().add({ ...session, pages: 7, words: 1 }, [stretch('2026-03-02T10:00:00Z', '2026-03-06T11:23:45Z')], days).rows();
    expect(rows).toHaveLength(5);
    expect(rows.reduce((sum, { pages }) => sum + pages, 0)).toBe(7);
    expect(rows.reduce((sum, { words }) => sum + words, 0)).toBe(1);
  });

  it('leave out what still runs, and have a day for what had no length', () => {
    const rows = new DaySums().add(session, [stretch('2026-03-02T10:00:00Z', '2026-03-02T10:00:00Z'), stretch('2026-03-02T11:00:00Z', null)], days).rows();
    expect(rows).toMatchObject([{ sessions: 1, readingMs: 0, pages: 30 }]);
  });

  it('are nothing once everything is taken away again', () => {
    const stretches = [stretch('2026-03-02T10:00:00Z', '2026-03-04T11:00:00Z'), stretch('2026-03-05T10:00:00Z', '2026-03-05T10:00:07Z')];
    expect(new DaySums().add(session, stretches, days).add(session, stretches, days, -1).rows()).toEqual([]);
    const moved = new DaySums().add(session, stretches, days, -1).add({ ...session, documentId: null, kind: 'exercises', pages: null, words: null, exercises: 4 }, stretches, days).rows();
    for (const measure of MEASURES.filter((each) => each === 'sessions')) expect(moved.reduce((sum, row) => sum + row[measure], 0)).toBe(0);
    expect(moved.filter(({ documentId }) => documentId === '').reduce((sum, { exercises }) => sum + exercises, 0)).toBe(4);
  });

  it('tell time with pages from time without, for paces', () => {
    const hour = [stretch('2026-03-02T10:00:00Z', '2026-03-02T11:00:00Z')];
    const sums = new DaySums().add(session, hour, days).add({ ...session, pages: 10, words: null }, hour, days).add({ ...session, pages: null, words: null }, hour, days);
    expect(sums.rows()).toMatchObject([{ readingMs: 3 * HOUR, pagedMs: 2 * HOUR, wordedMs: HOUR, pages: 40, words: 9000 }]);
  });
});
