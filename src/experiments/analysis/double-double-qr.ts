import { add, divide, type DoubleDouble, multiply, negate, squareRoot, subtract, toNumber, ZERO } from './double-double.js';
import { DoubleDoubleVector } from './double-double-vector.js';

/**
 * Least squares by Householder reflections in double-double. Golub and Van Loan (2013), "Matrix Computations", algorithms 5.1.1,
 * 5.2.1 and 5.3.2. Columns must be linearly independent (see `independentColumns`); their lengths are made comparable by powers
 * of two, which costs no digits.
 */
export class DoubleDoubleQr {
  readonly rows: number;
  readonly parameters: number;
  /** The upper triangle by columns: `r[j].get(i)` for i ≤ j. */
  private readonly r: DoubleDoubleVector[];
  private readonly reflectors: DoubleDoubleVector[] = [];
  private readonly factors: DoubleDouble[] = [];
  private readonly scales: number[];
  private inverse?: DoubleDoubleVector[];
  private hat?: readonly DoubleDouble[];

  constructor(private readonly columns: readonly DoubleDoubleVector[]) {
    this.rows = columns[0]?.length ?? 0;
    this.parameters = columns.length;
    this.scales = columns.map(powerOfTwoScale);
    this.r = columns.map((column, j) => column.scaled(this.scales[j]!));
    for (let k = 0; k < this.parameters; k++) this.eliminate(k);
  }

  /** Q'y: the first `parameters` elements carry the fit, the squares of the others add up to the residual sum of squares. */
  effects(y: DoubleDoubleVector): DoubleDoubleVector {
    const effects = y.copy();
    for (let k = 0; k < this.parameters; k++) this.reflect(effects, k);
    return effects;
  }

  /** Solves R b = effects. */
  coefficients(effects: DoubleDoubleVector): DoubleDouble[] {
    const solution: DoubleDouble[] = new Array<DoubleDouble>(this.parameters);
    for (let i = this.parameters - 1; i >= 0; i--) {
      let rest = effects.get(i);
      for (let j = i + 1; j < this.parameters; j++) rest = subtract(rest, multiply(this.r[j]!.get(i), solution[j]!));
      solution[i] = divide(rest, this.r[i]!.get(i));
    }
    return solution.map((value, j) => multiply(value, { hi: this.scales[j]!, lo: 0 }));
  }

  /** y - X b, with all its digits. */
  residuals(y: DoubleDoubleVector, coefficients: readonly DoubleDouble[]): DoubleDoubleVector {
    const residuals = y.copy();
    this.columns.forEach((column, j) => residuals.addMultiple(negate(coefficients[j]!), column));
    return residuals;
  }

  /** (X'X)^-1, as its columns of doubles. */
  unscaledCovariance(): number[][] {
    const inverse = this.inverseOfR();
    return inverse.map((_, i) => inverse.map((_, j) => toNumber(this.rowProduct(inverse, i, j))));
  }

  /** The leverages of the rows of X, from the orthonormal factor. */
  leverages(): readonly DoubleDouble[] {
    this.hat ??= this.diagonalOfHat();
    return this.hat;
  }

  private diagonalOfHat(): DoubleDouble[] {
    const q = this.orthonormalColumns();
    return Array.from({ length: this.rows }, (_, i) => q.reduce((sum, column) => add(sum, multiply(column.get(i), column.get(i))), ZERO));
  }

  /** Column j of R in the units of X: p elements, zero below the diagonal. Any model of these columns can be fitted from them. */
  triangleColumn(j: number): DoubleDoubleVector {
    const column = new DoubleDoubleVector(this.parameters);
    for (let i = 0; i <= j; i++) column.set(i, this.r[j]!.get(i));
    return column.scaled(1 / this.scales[j]!);
  }

  private orthonormalColumns(): DoubleDoubleVector[] {
    return this.columns.map((_, j) => {
      const unit = new DoubleDoubleVector(this.rows);
      unit.set(j, { hi: 1, lo: 0 });
      for (let k = this.parameters - 1; k >= 0; k--) this.reflect(unit, k);
      return unit;
    });
  }

  private eliminate(k: number): void {
    const column = this.r[k]!;
    const length = squareRoot(column.dot(column, k));
    const diagonal = column.get(k);
    const pivot = diagonal.hi > 0 ? negate(length) : length;
    const reflector = column.copy();
    reflector.set(k, subtract(diagonal, pivot));
    this.reflectors.push(reflector);
    this.factors.push(divide({ hi: -2, lo: 0 }, reflector.dot(reflector, k)));
    for (let j = k; j < this.parameters; j++) this.reflect(this.r[j]!, k);
  }

  private reflect(vector: DoubleDoubleVector, k: number): void {
    const reflector = this.reflectors[k]!;
    vector.addMultiple(multiply(this.factors[k]!, reflector.dot(vector, k)), reflector, k);
  }

  /** Rows of R^-1 from the diagonal on: (X'X)^-1 is R^-1 times its transpose. */
  inverseRows(): DoubleDouble[][] {
    return this.inverseOfR().map((row, i) => Array.from({ length: this.parameters - i }, (_, j) => row.get(i + j)));
  }

  /** Rows of R^-1, scales included, each as a vector over the columns. */
  private inverseOfR(): DoubleDoubleVector[] {
    this.inverse ??= this.columns.map((_, i) => DoubleDoubleVector.of(this.inverseRow(i)));
    return this.inverse;
  }

  /** Row i of R^-1 solves z R = e_i. */
  private inverseRow(i: number): DoubleDouble[] {
    const row: DoubleDouble[] = [];
    for (let j = 0; j < this.parameters; j++) {
      let rest: DoubleDouble = i === j ? { hi: this.scales[i]!, lo: 0 } : ZERO;
      for (let k = i; k < j; k++) rest = subtract(rest, multiply(row[k]!, this.r[j]!.get(k)));
      row.push(j < i ? ZERO : divide(rest, this.r[j]!.get(j)));
    }
    return row;
  }

  private rowProduct(inverse: readonly DoubleDoubleVector[], i: number, j: number): DoubleDouble {
    return inverse[i]!.dot(inverse[j]!, Math.max(i, j));
  }
}

function powerOfTwoScale(column: DoubleDoubleVector): number {
  const length = Math.sqrt(column.dot(column).hi);
  return length > 0 ? 2 ** -Math.round(Math.log2(length)) : 1;
}
