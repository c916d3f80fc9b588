import betainc from '@stdlib/math-base-special-betainc';
import betaincinv from '@stdlib/math-base-special-betaincinv';
import erfc from '@stdlib/math-base-special-erfc';
import erfcinv from '@stdlib/math-base-special-erfcinv';
import gammaln from '@stdlib/math-base-special-gammaln';

/**
 * Tails and quantiles of the distributions that tests and intervals need. Tails are always taken from the side that is asked
 * for: one minus the other side would turn a p-value of 1e-90 into 0.
 */

/** P(Z > z) of the standard normal. Abramowitz and Stegun (1964), 26.2.29. */
export function normalUpperTail(z: number): number {
  return erfc(z / Math.SQRT2) / 2;
}

/** The z below which a share p (0 < p < 1) of the standard normal lies. */
export function normalQuantile(p: number): number {
  return p < 0.5 ? -Math.SQRT2 * erfcinv(2 * p) : Math.SQRT2 * erfcinv(2 * (1 - p));
}

/** Density of the standard normal. */
export function normalDensity(z: number): number {
  return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
}

/** P(|T| > |t|) with df > 0 degrees of freedom, not necessarily whole. Abramowitz and Stegun (1964), 26.7.1. */
export function studentTwoSided(t: number, df: number): number {
  const square = t * t;
  // The variable of the beta function is the smaller part of the two, so that none of its digits is lost.
  return square > df ? betainc(df / (df + square), df / 2, 0.5) : betainc(square / (df + square), 0.5, df / 2, true, true);
}

/** P(T > t). */
export function studentUpperTail(t: number, df: number): number {
  const both = studentTwoSided(t, df);
  return t > 0 ? both / 2 : 1 - both / 2;
}

/** The t > 0 with P(|T| > t) = alpha. */
export function studentCritical(alpha: number, df: number): number {
  // One of the two forms has a small argument: 1 - x near 1 would leave no digits for x near 0.
  const x = betaincinv(alpha, df / 2, 0.5);
  if (x < 0.5) return Math.sqrt(df * (1 - x) / x);
  const rest = betaincinv(alpha, 0.5, df / 2, true);
  return Math.sqrt(df * rest / (1 - rest));
}

/** P(F > f) with df1 and df2 degrees of freedom. Abramowitz and Stegun (1964), 26.6.2. */
export function fisherUpperTail(f: number, df1: number, df2: number): number {
  if (f <= 0) return 1;
  const numerator = df1 * f;
  return numerator > df2
    ? betainc(df2 / (df2 + numerator), df2 / 2, df1 / 2)
    : betainc(numerator / (df2 + numerator), df1 / 2, df2 / 2, true, true);
}

/** The f with P(F > f) = alpha. */
export function fisherCritical(alpha: number, df1: number, df2: number): number {
  const x = betaincinv(alpha, df2 / 2, df1 / 2);
  if (x < 0.5) return df2 * (1 - x) / (df1 * x);
  const rest = betaincinv(alpha, df1 / 2, df2 / 2, true);
  return df2 * rest / (df1 * (1 - rest));
}

/** P(X > x) of chi-square with a whole number of degrees of freedom: closed sums. Abramowitz and Stegun (1964), 26.4.4 and 26.4.5. */
export function chiSquareUpperTail(x: number, df: number): number {
  if (x <= 0) return 1;
  const half = x / 2;
  let sum = df % 2 === 0 ? 0 : erfc(Math.sqrt(half));
  for (let power = df % 2 === 0 ? 0 : 0.5; power < df / 2; power++) {
    sum += Math.exp(power * Math.log(half) - half - gammaln(power + 1));
  }
  return sum;
}

/** P(F > f) of the noncentral F: a Poisson mixture of central tails. Johnson, Kotz and Balakrishnan (1995), 30.10. */
export function noncentralFisherUpperTail(f: number, df1: number, df2: number, noncentrality: number): number {
  if (f <= 0) return 1;
  const numerator = df1 * f;
  const x = numerator / (numerator + df2);
  const rest = df2 / (numerator + df2);
  return poissonMixture(noncentrality / 2, (j, weight) => weight * upperBeta(x, rest, df1 / 2 + j, df2 / 2));
}

/** P(T > t) of the noncentral t. Johnson, Kotz and Balakrishnan (1995), 31.16, with upper instead of lower tails. */
export function noncentralStudentUpperTail(t: number, df: number, noncentrality: number): number {
  if (t < 0) return 1 - noncentralStudentUpperTail(-t, df, -noncentrality);
  const x = t * t / (t * t + df);
  const rest = df / (t * t + df);
  const mean = noncentrality * noncentrality / 2;
  const scale = Math.sign(noncentrality) * Math.sqrt(mean);
  return poissonMixture(mean, (j, weight) => {
    const odd = scale * weight * Math.exp(gammaln(j + 1) - gammaln(j + 1.5));
    return (weight * upperBeta(x, rest, j + 0.5, df / 2) + odd * upperBeta(x, rest, j + 1, df / 2)) / 2;
  });
}

/** 1 - I_x(a, b); `rest` is 1 - x with all its digits. */
function upperBeta(x: number, rest: number, a: number, b: number): number {
  return x < rest ? betainc(x, a, b, true, true) : betainc(rest, b, a);
}

/** Adds `term(j, P(J = j))` for J of Poisson with the mean, outwards from its mode until the weights no longer count. */
function poissonMixture(mean: number, term: (j: number, weight: number) => number): number {
  const mode = Math.floor(mean);
  let sum = 0;
  for (let j = mode; j >= 0; j--) {
    const weight = poisson(j, mean);
    sum += term(j, weight);
    if (weight < 1e-20) break;
  }
  for (let j = mode + 1; ; j++) {
    const weight = poisson(j, mean);
    sum += term(j, weight);
    if (weight < 1e-20) return sum;
  }
}

function poisson(j: number, mean: number): number {
  if (mean === 0) return j === 0 ? 1 : 0;
  return Math.exp(j * Math.log(mean) - mean - gammaln(j + 1));
}
