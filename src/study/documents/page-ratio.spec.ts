import { pageAfter, rangeAfter } from './page-ratio.js';

describe('a page after its document was replaced', () => {
  it.each([
    [100, 200, 250, 125],
    [100, 200, 100, 50],
    [0, 200, 250, 0],
    [1, 200, 10, 1],
    [200, 200, 7, 7],
    [3, 10, 10, 3],
    [12, 10, 10, 10],
  ])('page %i of %i is, of %i, page %i', (page, before, after, expected) => expect(pageAfter(page, before, after)).toBe(expected));

  it('keeps ranges that follow each other apart, and at least a page long', () => {
    expect(rangeAfter({ from: 1, to: 50 }, 100, 200)).toEqual({ from: 1, to: 100 });
    expect(rangeAfter({ from: 51, to: 100 }, 100, 200)).toEqual({ from: 101, to: 200 });
    expect(rangeAfter({ from: 100, to: 100 }, 100, 3)).toEqual({ from: 3, to: 3 });
  });
});
