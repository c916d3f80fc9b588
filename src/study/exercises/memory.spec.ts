import { LocalDays } from '../../platform/clock/local-days.js';
import { graded, type Memory, newMemory, type ReviewGrade } from './memory.js';

const days = new LocalDays();
const BERLIN = 'Europe/Berlin';

/** Answers an exercise, each time when it is due. */
function answered(grades: readonly ReviewGrade[], zone = BERLIN, start = '2026-03-02T19:00:00Z'): Memory {
  const first = newMemory(new Date(start));
  return grades.reduce((memory, grade) => graded(memory, grade, memory.dueAt, zone, days), first);
}

describe('how well an exercise is known', () => {
  it('is asked again within minutes until it was right, and in ever more days from then on', () => {
    const learning = answered([3]);
    expect(learning).toMatchObject({ state: 'learning', repetitions: 1, scheduledDays: 0, dueAt: new Date('2026-03-02T19:10:00Z') });
    const gaps = [2, 3, 4, 5].map((count) => answered(Array.from({ length: count }, () => 3 as const)).scheduledDays);
    expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
    expect(gaps[0]).toBeGreaterThan(0);
    expect(gaps.at(-1)).toBeGreaterThan(30);
  });

  it('is due from midnight of the learner’s day, also when clocks change before it', () => {
    const known = answered([4]);
    expect(known.state).toBe('review');
    const due = days.at(known.dueAt.getTime(), BERLIN);
    expect(due.startsAt).toBe(known.dueAt.getTime());
    const later = answered([3, 3, 3, 3]);
    expect(later.dueAt.getTime()).toBeGreaterThan(Date.parse('2026-03-29T01:00:00Z'));
    expect(days.at(later.dueAt.getTime(), BERLIN).startsAt).toBe(later.dueAt.getTime());
  });

  it('counts days as the learner does: an afternoon in Auckland is one day, though UTC has two', () => {
    const zone = 'Pacific/Auckland';
    const known = answered([3, 3], zone, '2026-06-01T22:00:00Z');
    const [before, after] = ['2026-06-03T23:30:00Z', '2026-06-04T02:00:00Z'].map((now) => new Date(now));
    const once = graded(known, 1, before!, zone, days);
    expect(graded(once, 3, after!, zone, days).stability).toBe(graded(once, 3, new Date(before!.getTime() + 60_000), zone, days).stability);
  });

  it('is the same again for the same answers', () => {
    expect(answered([3, 2, 1, 3, 4])).toEqual(answered([3, 2, 1, 3, 4]));
  });

  it('lapses when it is forgotten, and comes back within minutes', () => {
    const known = answered([3, 3, 3]);
    const forgotten = graded(known, 1, known.dueAt, BERLIN, days);
    expect(forgotten).toMatchObject({ state: 'relearning', lapses: 1 });
    expect(forgotten.dueAt.getTime() - known.dueAt.getTime()).toBe(10 * 60_000);
  });

  it('takes a clock that went back for no time at all', () => {
    const known = answered([3, 3]);
    const early = graded(known, 3, new Date('2020-01-01T00:00:00Z'), BERLIN, days);
    expect(early).toEqual(graded(known, 3, known.reviewedAt!, BERLIN, days));
  });
});
