import { fisherCritical, fisherUpperTail, noncentralFisherUpperTail, noncentralStudentUpperTail, studentCritical, studentTwoSided, studentUpperTail } from './distributions.js';

describe('tails that are two ways to the same figure', () => {
  it.each([[2.2, 10, 1.5], [0.3, 3, -2], [4, 25, 2.83], [1, 7, 0]])('noncentral t and F at %d, %d, %d', (t, df, noncentrality) => {
    const both = noncentralStudentUpperTail(t, df, noncentrality) + noncentralStudentUpperTail(t, df, -noncentrality);
    expect(both).toBeCloseTo(noncentralFisherUpperTail(t * t, 1, df, noncentrality ** 2), 12);
  });

  it('noncentral t without noncentrality is the central one, on both sides', () => {
    for (const t of [-1.3, 0.4, 2]) expect(noncentralStudentUpperTail(t, 6, 0)).toBeCloseTo(studentUpperTail(t, 6), 13);
  });

  it('critical values lead back to their share, down to 1e-12 and for broken degrees of freedom', () => {
    for (const alpha of [0.9, 0.05, 1e-12]) {
      expect(studentTwoSided(studentCritical(alpha, 7 / 3), 7 / 3) / alpha).toBeCloseTo(1, 10);
      expect(fisherUpperTail(fisherCritical(alpha, 3, 8), 3, 8) / alpha).toBeCloseTo(1, 10);
    }
  });
});
