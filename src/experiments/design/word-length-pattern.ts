/** Numbers of words of length 1, 2, 3 … in the defining relation. */
export type Pattern = readonly number[];

/**
 * Word lengths without the words: from the number of factors at −1 in each run, by the MacWilliams identity (MacWilliams and
 * Sloane 1977, The Theory of Error-Correcting Codes, ch. 5). Listing the 2^p words would take seconds for 25 factors.
 * @param minuses For each run of a fraction with unsigned generators how many factors are at −1.
 */
export function patternOf(minuses: Uint8Array, factors: number): Pattern {
  const weights = Array<number>(factors + 1).fill(0);
  for (const weight of minuses) weights[weight]! += 1;
  return krawtchouk(factors).slice(1).map((values) => Math.round(values.reduce((sum, value, weight) => sum + value * weights[weight]!, 0) / minuses.length));
}

const POLYNOMIALS = new Map<number, number[][]>();

/** K_i(j) for words of `factors` letters, by the recurrence on i. Exact: all values are below 2^53 for up to 50 letters. */
function krawtchouk(factors: number): number[][] {
  const known = POLYNOMIALS.get(factors);
  if (known) return known;
  const rows = [Array<number>(factors + 1).fill(1), Array.from({ length: factors + 1 }, (_, j) => factors - 2 * j)];
  for (let i = 1; i < factors; i += 1) {
    rows.push(rows[i]!.map((value, j) => ((factors - 2 * j) * value - (factors - i + 1) * rows[i - 1]![j]!) / (i + 1)));
  }
  POLYNOMIALS.set(factors, rows);
  return rows;
}
