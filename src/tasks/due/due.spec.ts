import { dueOf, isDue, movedTo } from './due.js';

describe('a due date', () => {
  it('is a day, which begins and is over as its zone has it', () => {
    expect(dueOf('2026-03-29', 'Europe/Berlin')).toMatchObject({ day: '2026-03-29', time: null, at: new Date('2026-03-28T23:00:00Z'), lateAt: new Date('2026-03-29T22:00:00Z') });
    // Where the clock jumps at midnight, the day begins at one.
    expect(dueOf('2024-04-26', 'Africa/Cairo')?.at).toEqual(new Date('2024-04-25T22:00:00Z'));
  });

  it('may have a time that its day does not have: it is read as if the clock had not been put forward', () => {
    expect(dueOf('2026-03-29T02:30', 'Europe/Berlin')).toMatchObject({ day: '2026-03-29', time: '02:30:00', at: new Date('2026-03-29T01:30:00Z') });
  });

  it('means the first of two equal times; an instant says which', () => {
    expect(dueOf('2026-10-25T02:30', 'Europe/Berlin')?.at).toEqual(new Date('2026-10-25T00:30:00Z'));
    expect(dueOf('2026-10-25T01:30:00Z', 'Europe/Berlin')).toMatchObject({ day: '2026-10-25', time: '02:30:00', at: new Date('2026-10-25T01:30:00Z') });
  });

  it('stays what was typed when it moves to another zone', () => {
    expect(movedTo('Asia/Tokyo', dueOf('2026-01-05T09:00', 'Europe/Berlin')!).at).toEqual(new Date('2026-01-05T00:00:00Z'));
  });

  it.each(['2026-02-30', '2026-02-30T10:00', '2026-02-30T10:00:00Z', '2026-13-01', '2026-01-01T24:00', '2026-01-01T10:60', '2026-01-01 10:00', '1899-12-31', '9999-01-01', '0000-01-01T00:00:00Z', '+012026-01-01', 'tomorrow', '', '2026-01-01T10:00[Europe/Berlin]'])('that does not exist is none: %s', (text) => {
    expect(isDue(text)).toBe(false);
  });
});
