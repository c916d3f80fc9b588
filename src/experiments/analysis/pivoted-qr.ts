/**
 * Least squares in plain doubles by Householder QR with column pivoting on columns of unit length. Businger and Golub (1965),
 * Numer. Math. 7, 269; Golub and Van Loan (2013), algorithm 5.4.1. The second opinion beside the double-double fit, and the
 * fast one where many fits are compared.
 */
export class PivotedQr {
  readonly rows: number;
  readonly parameters: number;
  private readonly order: number[];
  private readonly r: Float64Array[];
  private readonly lengths: number[];
  private readonly reflectors: Float64Array[] = [];

  /** Columns must be linearly independent (see `independentColumns`). */
  constructor(columns: readonly Float64Array[]) {
    this.rows = columns[0]?.length ?? 0;
    this.parameters = columns.length;
    this.lengths = columns.map((column) => tailNorm(column, 0) || 1);
    this.r = columns.map((column, j) => column.map((value) => value / this.lengths[j]!));
    this.order = columns.map((_, j) => j);
    for (let k = 0; k < this.parameters; k++) this.eliminate(k);
  }

  /** Q'y. */
  effects(y: Float64Array): Float64Array {
    const effects = y.slice();
    this.reflectors.forEach((reflector, k) => reflect(effects, reflector, k));
    return effects;
  }

  /** In the order of the columns as they were given. */
  coefficients(effects: Float64Array): number[] {
    const solution = new Array<number>(this.parameters).fill(0);
    for (let i = this.parameters - 1; i >= 0; i--) {
      let rest = effects[i]!;
      for (let j = i + 1; j < this.parameters; j++) rest -= this.r[this.order[j]!]![i]! * solution[this.order[j]!]!;
      solution[this.order[i]!] = rest / this.r[this.order[i]!]![i]!;
    }
    return solution.map((value, j) => value / this.lengths[j]!);
  }

  residualSs(effects: Float64Array): number {
    return tailNorm(effects, this.parameters) ** 2;
  }

  private eliminate(k: number): void {
    const norms = this.order.map((column, position) => (position < k ? -1 : tailNorm(this.r[column]!, k)));
    const best = norms.indexOf(Math.max(...norms));
    [this.order[k], this.order[best]] = [this.order[best]!, this.order[k]!];
    const column = this.r[this.order[k]]!;
    const pivot = column[k]! > 0 ? -norms[best]! : norms[best]!;
    const reflector = column.slice();
    reflector[k]! -= pivot;
    const size = tailNorm(reflector, k) || 1;
    for (let i = k; i < reflector.length; i++) reflector[i]! /= size;
    this.reflectors.push(reflector);
    for (let j = k; j < this.parameters; j++) reflect(this.r[this.order[j]!]!, reflector, k);
  }
}

function reflect(column: Float64Array, reflector: Float64Array, k: number): void {
  let product = 0;
  for (let i = k; i < column.length; i++) product += reflector[i]! * column[i]!;
  for (let i = k; i < column.length; i++) column[i]! -= 2 * product * reflector[i]!;
}

function tailNorm(column: Float64Array, from: number): number {
  let sum = 0;
  for (let i = from; i < column.length; i++) sum += column[i]! * column[i]!;
  return Math.sqrt(sum);
}
