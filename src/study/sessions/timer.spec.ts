import { SessionFinished, SessionPaused } from './sessions.problems.js';
import { StudySession } from './study-session.entity.js';
import { Timer } from './timer.js';

const MINUTE = 60_000;
const IDLE = 10;
const at = (minutes: number): Date => new Date(Date.parse('2026-03-02T12:00:00Z') + minutes * MINUTE);
const started = (): Timer => Timer.started(Object.assign(new StudySession(), { ownerId: 'owner', timeZone: 'UTC' }), at(0), IDLE);
const spans = ({ intervals }: Timer): (readonly [number, number | null])[] => intervals.map(({ startedAt, endedAt }) => [minutesAt(startedAt), endedAt && minutesAt(endedAt)]);
const minutesAt = (instant: Date): number => (instant.getTime() - at(0).getTime()) / MINUTE;

describe('the timer of a session', () => {
  it('counts from start to pause and from resume to finish', () => {
    const timer = started();
    timer.pause(at(5));
    expect(timer.session).toMatchObject({ status: 'paused', activeMs: 5 * MINUTE, openFor: 'owner' });
    timer.resume(at(60), IDLE);
    timer.beat(at(65), IDLE);
    timer.finish(at(70));
    expect(spans(timer)).toEqual([[0, 5], [60, 70]]);
    expect(timer.session).toMatchObject({ status: 'finished', activeMs: 15 * MINUTE, openFor: null, finishedAt: at(70), idleAt: null });
  });

  it('takes a pause of what is paused for nothing, and a resume of what runs for a beat', () => {
    const timer = started();
    timer.resume(at(4), IDLE);
    expect(spans(timer)).toEqual([[0, null]]);
    timer.pause(at(5));
    timer.pause(at(8));
    expect(spans(timer)).toEqual([[0, 5]]);
  });

  it('ends with a finish: nothing else is taken afterwards, not even another finish', () => {
    const timer = started();
    timer.pause(at(5));
    timer.finish(at(30));
    expect(timer.session.finishedAt).toEqual(at(5));
    for (const change of [() => timer.pause(at(31)), () => timer.resume(at(31), IDLE), () => timer.beat(at(31), IDLE), () => timer.finish(at(31))]) expect(change).toThrow(SessionFinished);
    expect(spans(timer)).toEqual([[0, 5]]);
  });

  it('ends an interval at the last beat when beats stay away, to the millisecond', () => {
    const timer = started();
    timer.beat(at(7), IDLE);
    expect(timer.settle(new Date(at(17).getTime() - 1))).toBe(false);
    expect(timer.settle(at(17))).toBe(true);
    expect(timer.settle(at(18))).toBe(false);
    expect(spans(timer)).toEqual([[0, 7]]);
    expect(timer.intervals[0]!.endedBy).toBe('idle');
    expect(() => timer.beat(at(18), IDLE)).toThrow(SessionPaused);
    timer.resume(at(30), IDLE);
    timer.finish(at(31));
    expect(spans(timer)).toEqual([[0, 7], [30, 31]]);
  });

  it.each(['pause', 'finish'] as const)('ends at the last beat too when nobody looked before a %s', (last) => {
    const timer = started();
    timer.beat(at(3), IDLE);
    timer[last](at(500));
    expect(spans(timer)).toEqual([[0, 3]]);
  });

  it('never runs backwards: whatever the clock says, nothing ends before it began', () => {
    const timer = started();
    timer.beat(at(5), IDLE);
    timer.beat(at(-60), IDLE);
    timer.pause(at(-60));
    timer.resume(at(-59), IDLE);
    timer.finish(at(-30));
    expect(spans(timer)).toEqual([[0, 5], [5, 5]]);
    expect(timer.session.activeMs).toBe(5 * MINUTE);
  });

  it('takes a clock that jumps ahead for an absence', () => {
    const timer = started();
    timer.beat(at(2), IDLE);
    timer.finish(at(60 * 24 * 365));
    expect(timer.session.activeMs).toBe(2 * MINUTE);
  });
});
