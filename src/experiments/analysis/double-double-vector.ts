import { type DoubleDouble, SPLITTER } from './double-double.js';

/**
 * A column of double-doubles in two typed arrays. `dot` and `addMultiple` are where a fit spends its time: they are written out
 * so that no object is made per element.
 */
export class DoubleDoubleVector {
  readonly hi: Float64Array;
  readonly lo: Float64Array;

  constructor(readonly length: number) {
    this.hi = new Float64Array(length);
    this.lo = new Float64Array(length);
  }

  static of(values: readonly DoubleDouble[]): DoubleDoubleVector {
    const vector = new DoubleDoubleVector(values.length);
    values.forEach((value, index) => vector.set(index, value));
    return vector;
  }

  get(index: number): DoubleDouble {
    return { hi: this.hi[index]!, lo: this.lo[index]! };
  }

  set(index: number, value: DoubleDouble): void {
    this.hi[index] = value.hi;
    this.lo[index] = value.lo;
  }

  copy(): DoubleDoubleVector {
    const vector = new DoubleDoubleVector(this.length);
    vector.hi.set(this.hi);
    vector.lo.set(this.lo);
    return vector;
  }

  /** Times a power of two, which costs no digits. */
  scaled(factor: number): DoubleDoubleVector {
    const vector = this.copy();
    for (let i = 0; i < this.length; i++) {
      vector.hi[i]! *= factor;
      vector.lo[i]! *= factor;
    }
    return vector;
  }

  /** The inner product of elements from `from` to before `to`. */
  dot(other: DoubleDoubleVector, from = 0, to = this.length): DoubleDouble {
    const { hi: ah, lo: al } = this;
    const { hi: bh, lo: bl } = other;
    let hi = 0;
    let lo = 0;
    for (let i = from; i < to; i++) {
      const a = ah[i]!;
      const b = bh[i]!;
      const product = a * b;
      let big = SPLITTER * a;
      const aHigh = big - (big - a);
      const aLow = a - aHigh;
      big = SPLITTER * b;
      const bHigh = big - (big - b);
      const bLow = b - bHigh;
      const error = ((aHigh * bHigh - product) + aHigh * bLow + aLow * bHigh) + aLow * bLow + (a * bl[i]! + al[i]! * b);
      const sum = hi + product;
      const part = sum - hi;
      const small = (hi - (sum - part)) + (product - part) + (lo + error);
      hi = sum + small;
      lo = small - (hi - sum);
    }
    return { hi, lo };
  }

  /** this[i] += factor * other[i] for i from `from`. */
  addMultiple(factor: DoubleDouble, other: DoubleDoubleVector, from = 0): void {
    const { hi: ah, lo: al } = this;
    const { hi: bh, lo: bl } = other;
    const { hi: f, lo: fl } = factor;
    let big = SPLITTER * f;
    const fHigh = big - (big - f);
    const fLow = f - fHigh;
    for (let i = from; i < this.length; i++) {
      const b = bh[i]!;
      const product = f * b;
      big = SPLITTER * b;
      const bHigh = big - (big - b);
      const bLow = b - bHigh;
      const error = ((fHigh * bHigh - product) + fHigh * bLow + fLow * bHigh) + fLow * bLow + (f * bl[i]! + fl * b);
      const a = ah[i]!;
      const sum = a + product;
      const part = sum - a;
      const small = (a - (sum - part)) + (product - part) + (al[i]! + error);
      const hi = sum + small;
      ah[i] = hi;
      al[i] = small - (hi - sum);
    }
  }
}
