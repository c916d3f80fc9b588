import { koreaderSessions } from './koreader-sessions.js';
import type { KoreaderStat } from './koreader-file.js';

const BEGIN = Date.parse('2026-03-01T20:00:00Z') / 1000;
const NOW = new Date('2026-03-02T12:00:00Z');
const page = (number: number, after: number, duration: number, book = 1): KoreaderStat => [book, number, BEGIN + after, duration, 300];
const spans = (stats: KoreaderStat[]) => koreaderSessions(stats, NOW).sessions.map(({ stretches }) => stretches.map(({ startedAt, finishedAt }) => [startedAt.getTime() / 1000 - BEGIN, finishedAt.getTime() / 1000 - BEGIN]));

describe('sessions of KOReader', () => {
  it('are pages without a gap of a quarter of an hour, whatever order they come in', () => {
    expect(spans([page(3, 120, 60), page(1, 0, 60), page(2, 60, 60), page(4, 180 + 901, 30)])).toEqual([[[0, 180]], [[1081, 1111]]]);
  });

  it('leave pauses out, and count time once where pages overlap', () => {
    expect(spans([page(1, 0, 60), page(2, 30, 60), page(3, 300, 60)])).toEqual([[[0, 90], [300, 360]]]);
  });

  it('keep books apart, and count pages once that were turned back to', () => {
    const { sessions } = koreaderSessions([page(1, 0, 60), page(2, 60, 60), page(1, 120, 60), page(9, 0, 60, 2)], NOW);
    expect(sessions.map(({ book, pages }) => [book, [...pages]])).toEqual([[1, [1, 2]], [2, [9]]]);
  });

  it('have 24 hours at most', () => {
    const night = Array.from({ length: 40 }, (_, index) => page(index + 1, index * 3600 - 40 * 3600, 3600));
    expect(spans(night).map((stretches) => stretches.at(-1)![1]! - stretches[0]![0]!).every((length) => length <= 24 * 3600)).toBe(true);
  });

  it('are not made of what cannot be: the future, backwards, no page, no number', () => {
    const impossible: KoreaderStat[] = [page(1, 86_400, 60), page(1, 0, -60), page(0, 0, 60), page(1, 0, 1e9), [1, 1, -5, 60, 300], [1, Number.NaN, BEGIN, 60, 300], [1, 1, BEGIN, 0.5, 300]];
    expect(koreaderSessions(impossible, NOW)).toEqual({ sessions: [], impossible: 7 });
  });
});
