import { type DoubleDouble, toNumber } from './double-double.js';
import { DoubleDoubleQr } from './double-double-qr.js';
import type { DoubleDoubleVector } from './double-double-vector.js';
import { type AliasedColumn, independentColumns } from './independent-columns.js';
import { PivotedQr } from './pivoted-qr.js';

/** What least squares knows about y = X b, X being n × p and perhaps of less than full rank. */
export interface LeastSquares {
  /** The columns that are estimated, in the order of the model. */
  kept: number[];
  aliased: AliasedColumn[];
  qr: DoubleDoubleQr;
  /** Q'y of the kept columns. */
  effects: DoubleDoubleVector;
  /** Of the kept columns. */
  coefficients: DoubleDouble[];
  residuals: DoubleDoubleVector;
  residualSs: number;
  residualDf: number;
  /** Decimal digits on which the double and the double-double solution agree: coefficients and residual sum of squares. */
  certifiedDigits: number;
}

const ALL_DIGITS = 16;
/** Residuals below this share of y are rounding: the model goes through every point. */
const EXACT = 1e-30;

/** Solves twice, in doubles with pivoting and in double-double, and says on how many digits the two agree. */
export function leastSquares(columns: readonly DoubleDoubleVector[], y: DoubleDoubleVector): LeastSquares {
  const plain = columns.map(({ hi }) => hi);
  const { kept, aliased } = independentColumns(plain);
  const qr = new DoubleDoubleQr(kept.map((index) => columns[index]!));
  const effects = qr.effects(y);
  const coefficients = qr.coefficients(effects);
  const residualDf = y.length - kept.length;
  const totalSs = toNumber(y.dot(y));
  const measured = toNumber(effects.dot(effects, kept.length));
  const residualSs = residualDf === 0 || measured <= EXACT * totalSs ? 0 : measured;
  const second = new PivotedQr(kept.map((index) => plain[index]!));
  const secondEffects = second.effects(y.hi);
  const certifiedDigits = Math.min(
    agreement(coefficients.map(toNumber), second.coefficients(secondEffects)),
    residualSs === 0 ? ALL_DIGITS : digits(residualSs, second.residualSs(secondEffects), residualSs),
  );
  return { kept, aliased, qr, effects, coefficients, residuals: qr.residuals(y, coefficients), residualSs, residualDf, certifiedDigits };
}

/** The least agreement of any element; one that is next to nothing is measured by the largest. */
function agreement(first: readonly number[], second: readonly number[]): number {
  const largest = Math.max(...first.map(Math.abs), 0);
  const all = first.map((value, index) => digits(value, second[index]!, Math.abs(value) < 1e-12 * largest ? largest : Math.abs(value)));
  return Math.min(ALL_DIGITS, ...all);
}

function digits(first: number, second: number, size: number): number {
  if (first === second) return ALL_DIGITS;
  const agreed = Math.floor(-Math.log10(Math.abs(first - second) / size));
  return Math.min(ALL_DIGITS, Math.max(0, agreed));
}
