import { execFileSync } from 'node:child_process';
import { type Due, dueOf } from '../due/due.js';
import { demandOccurrence, nextOf, startOf } from './occurrences.js';
import { ruleOf } from './rule.js';

const LONG_AGO = new Date('2000-01-01T00:00:00Z');

/** Rule, first due date, zone, and what completing in time makes one after another. */
type Series = readonly [rule: string, due: string, zone: string, next: readonly string[]];

const OVER_DST: readonly Series[] = [
  // 02:30 does not exist on 29 March in Berlin: that day is left out, and the time stays what it was.
  ['FREQ=DAILY', '2026-03-27T02:30', 'Europe/Berlin', ['2026-03-28T02:30:00 2026-03-28T01:30:00.000Z', '2026-03-30T02:30:00 2026-03-30T00:30:00.000Z', '2026-03-31T02:30:00 2026-03-31T00:30:00.000Z']],
  // It comes twice on 25 October; the first one counts.
  ['FREQ=DAILY', '2026-10-24T02:30', 'Europe/Berlin', ['2026-10-25T02:30:00 2026-10-25T00:30:00.000Z', '2026-10-26T02:30:00 2026-10-26T01:30:00.000Z']],
  // Nine o'clock stays nine o'clock.
  ['FREQ=WEEKLY;BYDAY=MO', '2026-10-19T09:00', 'America/New_York', ['2026-10-26T09:00:00 2026-10-26T13:00:00.000Z', '2026-11-02T09:00:00 2026-11-02T14:00:00.000Z']],
  // Half an hour of difference, in the south.
  ['FREQ=DAILY', '2026-10-02T02:15', 'Australia/Lord_Howe', ['2026-10-03T02:15:00 2026-10-02T15:45:00.000Z', '2026-10-05T02:15:00 2026-10-04T15:15:00.000Z']],
  // A day that a country left out.
  ['FREQ=DAILY', '2011-12-28T23:30', 'Pacific/Apia', ['2011-12-29T23:30:00 2011-12-30T09:30:00.000Z', '2011-12-31T23:30:00 2011-12-31T09:30:00.000Z']],
  // Whole days know no clocks.
  ['FREQ=DAILY', '2026-03-28', 'Europe/Berlin', ['2026-03-29 2026-03-28T23:00:00.000Z', '2026-03-30 2026-03-29T22:00:00.000Z']],
  // The first due date itself lies in the gap: it is an hour later, those after it are not.
  ['FREQ=DAILY', '2026-03-29T02:30', 'Europe/Berlin', ['2026-03-30T02:30:00 2026-03-30T00:30:00.000Z']],
];

const OTHERS: readonly Series[] = [
  ['FREQ=MONTHLY', '2026-01-31', 'UTC', ['2026-03-31 2026-03-31T00:00:00.000Z', '2026-05-31 2026-05-31T00:00:00.000Z']],
  ['FREQ=MONTHLY;BYDAY=-1FR', '2026-01-30T17:00', 'Europe/Berlin', ['2026-02-27T17:00:00 2026-02-27T16:00:00.000Z', '2026-03-27T17:00:00 2026-03-27T16:00:00.000Z', '2026-04-24T17:00:00 2026-04-24T15:00:00.000Z']],
  ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', '2024-02-29', 'UTC', ['2028-02-29 2028-02-29T00:00:00.000Z']],
  ['FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29', '2025-03-01T08:00', 'UTC', ['2028-02-29T08:00:00 2028-02-29T08:00:00.000Z']],
  ['FREQ=WEEKLY;INTERVAL=2', '2026-01-05', 'UTC', ['2026-01-19 2026-01-19T00:00:00.000Z', '2026-02-02 2026-02-02T00:00:00.000Z']],
  ['RRULE:FREQ=daily;COUNT=3', '2026-01-05', 'UTC', ['2026-01-06 2026-01-06T00:00:00.000Z', '2026-01-07 2026-01-07T00:00:00.000Z', 'none']],
  ['FREQ=DAILY;UNTIL=20260107', '2026-01-05T10:00', 'Asia/Tokyo', ['2026-01-06T10:00:00 2026-01-06T01:00:00.000Z', '2026-01-07T10:00:00 2026-01-07T01:00:00.000Z', 'none']],
  ['FREQ=DAILY;UNTIL=20260106T230000Z', '2026-01-05', 'Asia/Tokyo', ['2026-01-06 2026-01-05T15:00:00.000Z', '2026-01-07 2026-01-06T15:00:00.000Z', 'none']],
  ['FREQ=DAILY;BYHOUR=8,20', '2026-01-05T08:00', 'UTC', ['2026-01-05T20:00:00 2026-01-05T20:00:00.000Z', '2026-01-06T08:00:00 2026-01-06T08:00:00.000Z']],
];

function said(due: Due | undefined): string {
  return due ? `${startOf(due)} ${due.at.toISOString()}` : 'none';
}

function completedInTime([text, first, zone, next]: Series): string[] {
  let due = dueOf(first, zone);
  const rule = ruleOf(text, due!);
  const start = startOf(due!);
  return next.map(() => said((due = nextOf({ rule, start }, due!, LONG_AGO))));
}

/** What the built code says in a process whose own zone is another. */
function completedIn(processZone: string, series: readonly Series[]): unknown {
  const script = `
    import { dueOf } from './build/tasks/due/due.js';
    import { nextOf, startOf } from './build/tasks/recurrence/occurrences.js';
    import { ruleOf } from './build/tasks/recurrence/rule.js';
    const all = ${JSON.stringify(series)}.map(([text, first, zone, next]) => {
      let due = dueOf(first, zone);
      const rule = ruleOf(text, due);
      const start = startOf(due);
      return next.map(() => ((due = nextOf({ rule, start }, due, new Date(0))) ? startOf(due) + ' ' + due.at.toISOString() : 'none'));
    });
    console.log(JSON.stringify({ zone: Intl.DateTimeFormat().resolvedOptions().timeZone, all }));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { env: { ...process.env, TZ: processZone }, encoding: 'utf8' }));
}

describe('a recurrence', () => {
  it.each(OVER_DST)('keeps its time on the clock across changes of the clock: %s from %s in %s', (...series) => {
    expect(completedInTime(series)).toEqual(series[3]);
  });

  it.each(OTHERS)('follows its rule: %s from %s in %s', (...series) => {
    expect(completedInTime(series)).toEqual(series[3]);
  });

  it.each(['UTC', 'America/Los_Angeles', 'Pacific/Auckland'])('does not depend on the zone of the process: %s', (zone) => {
    const series = [...OVER_DST, ...OTHERS];
    expect(completedIn(zone, series)).toEqual({ zone, all: series.map(([, , , next]) => next) });
  });

  it('goes on after now where the due date is long past, today included', () => {
    const due = dueOf('2026-01-01', 'America/Los_Angeles')!;
    const recurrence = { rule: 'FREQ=DAILY', start: startOf(due) };
    // In Los Angeles it is still the day before.
    expect(nextOf(recurrence, due, new Date('2026-03-02T05:00:00Z'))?.day).toBe('2026-03-01');
    expect(nextOf(recurrence, dueOf('2026-04-01', 'America/Los_Angeles')!, new Date('2026-03-02T05:00:00Z'))?.day).toBe('2026-04-02');
    const timed = dueOf('2026-01-01T08:00', 'UTC')!;
    expect(nextOf({ rule: 'FREQ=DAILY', start: startOf(timed) }, timed, new Date('2026-03-02T08:00:00Z'))?.at).toEqual(new Date('2026-03-03T08:00:00Z'));
  });

  it.each([
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', '2026-03-24'],
    ['FREQ=MONTHLY;BYMONTH=4,6,9,11;BYMONTHDAY=31', '2026-03-24T09:00'],
    ['FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30', '2026-03-24T09:00'],
    ['FREQ=YEARLY;BYYEARDAY=366;BYWEEKNO=10', '2026-03-24'],
    ['FREQ=DAILY;UNTIL=20250101', '2026-03-24'],
  ])('that never comes about is found out before long: %s', (text, first) => {
    const due = dueOf(first, 'Europe/Berlin')!;
    // Of the processor: it may be busy with other programs meanwhile.
    const started = process.cpuUsage();
    expect(() => demandOccurrence(ruleOf(text, due), due)).toThrow(expect.objectContaining({ code: 'tasks.recurrence-never-fires' }));
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(3000);
  });

  it.each([
    ['FREQ=SECONDLY', '2026-03-24'],
    ['FREQ=HOURLY', '2026-03-24T09:00'],
    ['INTERVAL=2', '2026-03-24'],
    ['FREQ=DAILY;FREQ=WEEKLY', '2026-03-24'],
    ['FREQ=DAILY;INTERVAL=0', '2026-03-24'],
    ['FREQ=DAILY;COUNT=100000000', '2026-03-24'],
    ['FREQ=DAILY;COUNT=2;UNTIL=20300101', '2026-03-24'],
    ['FREQ=MONTHLY;BYMONTHDAY=32', '2026-03-24'],
    ['FREQ=DAILY;BYDAY=XX', '2026-03-24'],
    ['FREQ=DAILY;UNTIL=20300230', '2026-03-24'],
    ['FREQ=DAILY;BYHOUR=9', '2026-03-24'],
    ['FREQ=DAILY;X-EVIL=1', '2026-03-24'],
    ['FREQ=WEEKLY;BYDAY=2MO', '2026-03-24'],
  ])('that cannot be carried out is refused with a reason: %s', (text, first) => {
    const due = dueOf(first, 'Europe/Berlin')!;
    expect(() => demandOccurrence(ruleOf(text, due), due)).toThrow(expect.objectContaining({ code: 'tasks.recurrence', kind: 'rule-broken' }));
  });
});
