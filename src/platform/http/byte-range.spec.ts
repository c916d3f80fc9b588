import { rangeAnswer } from './byte-range.js';

const FILE = { bytes: 100, etag: '"abc"' };

describe('a range of bytes', () => {
  it.each([
    ['bytes=0-9', { start: 0, end: 9 }],
    ['bytes=90-', { start: 90, end: 99 }],
    ['bytes=90-1000', { start: 90, end: 99 }],
    ['bytes=-10', { start: 90, end: 99 }],
    ['bytes=-1000', { start: 0, end: 99 }],
    ['bytes= 0 - 0', { start: 0, end: 0 }],
  ])('%s is answered in part', (range, expected) => {
    const answer = rangeAnswer({ range }, FILE);
    expect(answer).toMatchObject({ status: 206, range: expected });
    expect(answer.headers).toMatchObject({ 'content-range': `bytes ${expected.start}-${expected.end}/100`, 'content-length': String(expected.end - expected.start + 1) });
  });

  it.each(['bytes=5-4', 'bytes=-', 'bytes=a-b', 'lines=1-2', 'bytes=0-1,5-6', ''])('%j means nothing: the whole file', (range) => {
    expect(rangeAnswer({ range }, FILE)).toMatchObject({ status: 200, range: undefined, headers: { 'content-length': '100' } });
  });

  it.each(['bytes=100-', 'bytes=100-200', 'bytes=-0'])('%s lies outside', (range) => {
    expect(() => rangeAnswer({ range }, FILE)).toThrow(expect.objectContaining({ kind: 'range-not-satisfiable' }));
  });

  it('is meant of the file that the client knows', () => {
    expect(rangeAnswer({ range: 'bytes=0-9', 'if-range': '"abc"' }, FILE).status).toBe(206);
    expect(rangeAnswer({ range: 'bytes=0-9', 'if-range': '"old"' }, FILE).status).toBe(200);
    expect(rangeAnswer({ range: 'bytes=0-9', 'if-range': 'W/"abc"' }, FILE).status).toBe(200);
    expect(rangeAnswer({ 'if-none-match': '"x", W/"abc"' }, FILE).status).toBe(304);
  });
});
