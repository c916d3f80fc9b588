import { isTimeZone, LocalDays } from './local-days.js';

const HOUR = 3_600_000;
const at = (text: string): number => Date.parse(text);

describe('local days', () => {
  const days = new LocalDays();

  it('begin and end at midnight of the zone', () => {
    expect(days.at(at('2026-03-02T04:59:59Z'), 'America/New_York')).toEqual({
      day: '2026-03-01',
      month: '2026-03',
      startsAt: at('2026-03-01T05:00:00Z'),
      endsAt: at('2026-03-02T05:00:00Z'),
      monthStartsAt: at('2026-03-01T05:00:00Z'),
      monthEndsAt: at('2026-04-01T04:00:00Z'),
    });
    expect(days.at(at('2026-03-02T05:00:00Z'), 'America/New_York').day).toBe('2026-03-02');
  });

  it('are 23 hours long when clocks go forward and 25 when they go back', () => {
    const length = (instant: string, zone: string): number => {
      const { startsAt, endsAt } = days.at(at(instant), zone);
      return (endsAt - startsAt) / HOUR;
    };
    expect(length('2026-03-29T12:00:00Z', 'Europe/Berlin')).toBe(23);
    expect(length('2026-10-25T12:00:00Z', 'Europe/Berlin')).toBe(25);
    expect(length('2026-10-26T12:00:00Z', 'Europe/Berlin')).toBe(24);
    // Half an hour on Lord Howe Island.
    expect(length('2026-04-05T00:00:00Z', 'Australia/Lord_Howe')).toBe(24.5);
  });

  it('begin at one o’clock where midnight itself is skipped', () => {
    // Clocks in Cairo went from 2026-04-23 24:00 straight to 01:00.
    const { day, startsAt } = days.at(at('2026-04-24T09:00:00Z'), 'Africa/Cairo');
    expect(day).toBe('2026-04-24');
    expect(startsAt).toBe(at('2026-04-23T22:00:00Z'));
  });

  it('follow each other without gap or overlap through a whole year of any zone', () => {
    for (const zone of ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia', 'Africa/Cairo']) {
      let instant = at('2026-01-01T12:00:00Z');
      for (let count = 0; count < 366; count += 1) {
        const today = days.at(instant, zone);
        const tomorrow = days.at(today.endsAt, zone);
        expect(tomorrow.startsAt).toBe(today.endsAt);
        expect(tomorrow.day > today.day).toBe(true);
        expect(days.at(today.endsAt - 1, zone).day).toBe(today.day);
        instant = today.endsAt;
      }
    }
  });

  it('know zones by their IANA names only', () => {
    for (const zone of ['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires']) expect(isTimeZone(zone)).toBe(true);
    for (const zone of ['+02:00', 'Mars/Phobos', '', 'x'.repeat(80), 'Europe/Berlin; DROP', 7, null, undefined]) expect(isTimeZone(zone)).toBe(false);
  });
});
