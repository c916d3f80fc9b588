import { CholeskyDecomposition, inverse, Matrix } from 'ml-matrix';

/** Keeps (X'X)⁻¹ while rows of X are exchanged, so that a trial costs p² and not p³ (Fedorov 1972, Theory of Optimal Experiments, ch. 3). */
export class ExchangeState {
  private inverse: Float64Array;
  logDeterminant = -Infinity;

  /** @param ridge Added to the diagonal of X'X so that a start that cannot estimate the model can still be improved. */
  constructor(readonly rows: Float64Array[], private readonly size: number, private readonly ridge: number) {
    this.inverse = new Float64Array(size * size);
    this.refresh(ridge);
  }

  /** From the rows anew: exchanges gather rounding. */
  refresh(ridge = this.ridge): void {
    const information = this.information(ridge);
    const cholesky = new CholeskyDecomposition(information);
    if (!cholesky.isPositiveDefinite()) return;
    this.logDeterminant = 2 * cholesky.lowerTriangularMatrix.diagonal().reduce((sum, value) => sum + Math.log(value), 0);
    this.inverse = Float64Array.from(inverse(information).to1DArray());
  }

  /** ln det(X'X) without the ridge; −∞ where the rows cannot estimate the model. */
  exactLogDeterminant(): number {
    const cholesky = new CholeskyDecomposition(this.information(0));
    if (!cholesky.isPositiveDefinite()) return -Infinity;
    const diagonal = cholesky.lowerTriangularMatrix.diagonal();
    const largest = Math.max(...diagonal);
    return diagonal.some((value) => value < 1e-7 * largest) ? -Infinity : 2 * diagonal.reduce((sum, value) => sum + Math.log(value), 0);
  }

  /** (X'X)⁻¹ f. */
  solved(row: Float64Array): Float64Array {
    const result = new Float64Array(this.size);
    for (let i = 0; i < this.size; i += 1) result[i] = this.rowTimes(i, row);
    return result;
  }

  /** f' (X'X)⁻¹ f. */
  variance(row: Float64Array): number {
    let sum = 0;
    for (let i = 0; i < this.size; i += 1) if (row[i] !== 0) sum += row[i]! * this.rowTimes(i, row);
    return sum;
  }

  /** By what det(X'X) would be multiplied if the row, whose `solved` and own variance are given, gave way to the other. */
  ratio(solvedOld: Float64Array, oldVariance: number, row: Float64Array): number {
    let covariance = 0;
    for (let i = 0; i < this.size; i += 1) covariance += solvedOld[i]! * row[i]!;
    return (1 + this.variance(row)) * (1 - oldVariance) + covariance * covariance;
  }

  add(row: Float64Array): void {
    this.rows.push(row);
    this.update(row, 1);
  }

  exchange(index: number, row: Float64Array): void {
    this.update(row, 1);
    this.update(this.rows[index]!, -1);
    this.rows[index] = row;
  }

  /** Sherman and Morrison (1950). */
  private update(row: Float64Array, sign: 1 | -1): void {
    const solved = this.solved(row);
    let variance = 0;
    for (let i = 0; i < this.size; i += 1) variance += row[i]! * solved[i]!;
    const factor = 1 + sign * variance;
    this.logDeterminant += Math.log(Math.max(factor, Number.MIN_VALUE));
    for (let i = 0; i < this.size; i += 1) {
      const weight = (sign * solved[i]!) / factor;
      for (let j = 0; j < this.size; j += 1) this.inverse[i * this.size + j]! -= weight * solved[j]!;
    }
  }

  private rowTimes(i: number, row: Float64Array): number {
    let sum = 0;
    for (let j = 0, at = i * this.size; j < this.size; j += 1, at += 1) sum += this.inverse[at]! * row[j]!;
    return sum;
  }

  private information(ridge: number): Matrix {
    const information = Matrix.eye(this.size).mul(ridge);
    for (const row of this.rows) {
      for (let i = 0; i < this.size; i += 1) {
        for (let j = 0; j <= i; j += 1) information.set(i, j, information.get(i, j) + row[i]! * row[j]!);
      }
    }
    for (let i = 0; i < this.size; i += 1) for (let j = 0; j < i; j += 1) information.set(j, i, information.get(i, j));
    return information;
  }
}
