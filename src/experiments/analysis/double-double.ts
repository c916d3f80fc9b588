/**
 * Numbers as unevaluated sums of two doubles: about 32 significant digits. Dekker (1971), "A floating-point technique for
 * extending the available precision", and Hida, Li and Bailey (2001), "Algorithms for quad-double precision".
 */
export interface DoubleDouble {
  readonly hi: number;
  readonly lo: number;
}

/** 2^27 + 1 cuts a double into two halves whose products are exact. */
export const SPLITTER = 134217729;

export const ZERO: DoubleDouble = { hi: 0, lo: 0 };

export function fromNumber(value: number): DoubleDouble {
  return { hi: value, lo: 0 };
}

/**
 * The decimal number that a double was written as. 0.1 is one tenth here, not the double next to it: people type decimals, and
 * badly conditioned fits see the difference.
 */
export function fromDecimal(value: number): DoubleDouble {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  // At most 17 digits: halves of nine are exact, and so is their sum in two doubles.
  const digits = (whole + fraction).replace('-', '').padStart(18, '0');
  if (digits.length > 18) return fromNumber(value);
  const size = add(multiply(fromNumber(Number(digits.slice(0, 9))), fromNumber(1e9)), fromNumber(Number(digits.slice(9))));
  const scaled = scaleByTen(size, Number(exponent) - fraction.length);
  return value < 0 ? negate(scaled) : scaled;
}

export function toNumber(value: DoubleDouble): number {
  return value.hi + value.lo;
}

export function negate(a: DoubleDouble): DoubleDouble {
  return { hi: -a.hi, lo: -a.lo };
}

export function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const [sum, error] = twoSum(a.hi, b.hi);
  const [low, lowest] = twoSum(a.lo, b.lo);
  const first = renormalised(sum, error + low);
  return renormalised(first.hi, first.lo + lowest);
}

export function subtract(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  return add(a, negate(b));
}

export function multiply(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const [product, error] = twoProduct(a.hi, b.hi);
  return renormalised(product, error + (a.hi * b.lo + a.lo * b.hi));
}

export function divide(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const first = a.hi / b.hi;
  const afterFirst = subtract(a, multiply(b, fromNumber(first)));
  const second = afterFirst.hi / b.hi;
  const afterSecond = subtract(afterFirst, multiply(b, fromNumber(second)));
  return add(renormalised(first, second), fromNumber(afterSecond.hi / b.hi));
}

/** By one Newton step from the double root. */
export function squareRoot(a: DoubleDouble): DoubleDouble {
  if (a.hi <= 0) return ZERO;
  const root = fromNumber(Math.sqrt(a.hi));
  return add(root, fromNumber(subtract(a, multiply(root, root)).hi / (2 * root.hi)));
}

export function power(base: DoubleDouble, exponent: number): DoubleDouble {
  let result = fromNumber(1);
  for (let count = 0; count < exponent; count++) result = multiply(result, base);
  return result;
}

function scaleByTen(value: DoubleDouble, exponent: number): DoubleDouble {
  const ten = power(fromNumber(10), Math.abs(exponent));
  return exponent < 0 ? divide(value, ten) : multiply(value, ten);
}

function renormalised(large: number, small: number): DoubleDouble {
  const hi = large + small;
  return { hi, lo: small - (hi - large) };
}

function twoSum(a: number, b: number): [sum: number, error: number] {
  const sum = a + b;
  const part = sum - a;
  return [sum, (a - (sum - part)) + (b - part)];
}

function twoProduct(a: number, b: number): [product: number, error: number] {
  const product = a * b;
  const aBig = SPLITTER * a;
  const aHigh = aBig - (aBig - a);
  const aLow = a - aHigh;
  const bBig = SPLITTER * b;
  const bHigh = bBig - (bBig - b);
  const bLow = b - bHigh;
  return [product, ((aHigh * bHigh - product) + aHigh * bLow + aLow * bHigh) + aLow * bLow];
}
