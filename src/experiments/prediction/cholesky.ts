/**
 * The lower triangle L with A = L L', of a symmetric matrix in typed rows: the fit of a Gaussian process makes hundreds of them, and
 * ml-matrix takes five times as long for its inverse. Golub and Van Loan (2013), algorithm 4.2.1.
 */
export class Cholesky {
  private constructor(private readonly rows: readonly Float64Array[]) {}

  /** Undefined where the matrix is not positive definite. */
  static of(matrix: readonly Float64Array[]): Cholesky | undefined {
    const rows = matrix.map((row) => row.slice());
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      for (let j = 0; j < i; j++) row[j] = (row[j]! - product(row, rows[j]!, j)) / rows[j]![j]!;
      const rest = row[i]! - product(row, row, i);
      if (!(rest > 0)) return undefined;
      row[i] = Math.sqrt(rest);
      row.fill(0, i + 1);
    }
    return new Cholesky(rows);
  }

  get logDeterminant(): number {
    return 2 * this.rows.reduce((sum, row, i) => sum + Math.log(row[i]!), 0);
  }

  /** L^-1 b. */
  forward(b: Float64Array): Float64Array {
    const solved = new Float64Array(b.length);
    this.rows.forEach((row, i) => {
      solved[i] = (b[i]! - product(row, solved, i)) / row[i]!;
    });
    return solved;
  }

  /** A^-1 b. */
  solve(b: Float64Array): Float64Array {
    const solved = this.forward(b);
    for (let i = solved.length - 1; i >= 0; i--) {
      const row = this.rows[i]!;
      const value = solved[i]! / row[i]!;
      solved[i] = value;
      for (let j = 0; j < i; j++) solved[j]! -= row[j]! * value;
    }
    return solved;
  }

  /** A^-1, from the inverse of L. */
  inverse(): Float64Array[] {
    const n = this.rows.length;
    // Row j holds column j of L^-1: zero before j.
    const columns = Array.from({ length: n }, (_, j) => this.inverseColumn(j));
    const inverse = columns.map(() => new Float64Array(n));
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) inverse[i]![j] = inverse[j]![i] = tailProduct(columns[i]!, columns[j]!, i);
    }
    return inverse;
  }

  private inverseColumn(j: number): Float64Array {
    const column = new Float64Array(this.rows.length);
    column[j] = 1 / this.rows[j]![j]!;
    for (let i = j + 1; i < column.length; i++) {
      const row = this.rows[i]!;
      let sum = 0;
      for (let k = j; k < i; k++) sum += row[k]! * column[k]!;
      column[i] = -sum / row[i]!;
    }
    return column;
  }
}

/** Of the first `length` elements. */
function product(a: Float64Array, b: Float64Array, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function tailProduct(a: Float64Array, b: Float64Array, from: number): number {
  let sum = 0;
  for (let i = from; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
