import type { Settings } from '../factors.js';
import { termText } from '../terms.js';
import { FitRefused } from './analysis.errors.js';
import { divide, type DoubleDouble, fromDecimal, fromNumber, multiply, squareRoot, subtract, toNumber } from './double-double.js';
import { DoubleDoubleVector } from './double-double-vector.js';
import { ExactModel, type ModelSpec } from './exact-model.js';
import { type LeastSquares, leastSquares } from './least-squares.js';

/** All that a fit depends on; plain data. */
export interface FitRequest extends ModelSpec {
  /** Natural settings, one row a run, in the order of the factors. */
  runs: readonly Settings[];
  /** One finite number a run. */
  response: readonly number[];
  /** Positive; a run of weight 2 counts as two. All 1 if absent. */
  weights?: readonly number[];
}

/**
 * A fitted model: the least squares with what belongs to it. Tables and tests are functions of it, each in its own file.
 * Weighted fits multiply rows by the root of their weight (Draper and Smith 1998, section 9.2).
 */
export class Fit {
  readonly model: ExactModel;
  readonly solution: LeastSquares;
  /** The response in double-double, not weighted. */
  readonly response: DoubleDoubleVector;
  /** Roots of the weights. */
  readonly roots: readonly DoubleDouble[];
  /** The weighted model matrix, all columns. */
  readonly columns: readonly DoubleDoubleVector[];
  /** Whether the model holds the constant, as an intercept or as shares that add up to one: totals are then about the mean. */
  readonly hasConstant: boolean;
  /** n × (weighted mean)², about which totals are corrected; 0 without constant. */
  readonly correction: DoubleDouble;
  /** Of the model, about the mean if it holds the constant. */
  readonly modelSs: number;

  constructor(readonly request: FitRequest) {
    checkRequest(request);
    this.model = new ExactModel(request);
    this.response = DoubleDoubleVector.of(request.response.map(fromDecimal));
    this.roots = request.runs.map((_, i) => squareRoot(fromDecimal(request.weights?.[i] ?? 1)));
    this.columns = this.model.matrix(request.runs).map((column) => this.weighted(column));
    const y = this.weighted(this.response);
    this.solution = leastSquares(this.columns, y);
    const constant = DoubleDoubleVector.of([...this.roots]);
    this.hasConstant = this.holds(constant);
    const sum = constant.dot(y);
    this.correction = this.hasConstant ? divide(multiply(sum, sum), constant.dot(constant)) : fromNumber(0);
    this.modelSs = this.sumOfModel();
  }

  get totalSs(): number {
    return this.modelSs + this.solution.residualSs;
  }

  get n(): number {
    return this.request.runs.length;
  }

  /** Number of coefficients that are estimated. */
  get p(): number {
    return this.solution.kept.length;
  }

  get df(): number {
    return this.solution.residualDf;
  }

  /** Mean square of the residuals, or null where there is nothing to judge by: no degrees of freedom, or no residuals. */
  get variance(): number | null {
    return this.df > 0 && this.solution.residualSs > 0 ? this.solution.residualSs / this.df : null;
  }

  /** Names of the coefficients that are estimated. */
  get names(): string[] {
    return this.solution.kept.map((column) => this.model.columns[column]!.name);
  }

  /** Positions, among the coefficients that are estimated, of those of one term. */
  positionsOf(term: number): number[] {
    return this.solution.kept.flatMap((column, position) => (this.model.columns[column]!.term === term ? [position] : []));
  }

  termName(term: number): string {
    return termText(this.request.terms[term]!);
  }

  weighted(column: DoubleDoubleVector): DoubleDoubleVector {
    if (!this.request.weights) return column;
    return DoubleDoubleVector.of(this.roots.map((root, i) => multiply(root, column.get(i))));
  }

  /** From the effects behind the intercept where it comes first: no small sum of squares is lost in the difference of two large ones. */
  private sumOfModel(): number {
    const { effects } = this.solution;
    if (this.names[0] === '1') return toNumber(effects.dot(effects, 1, this.p));
    return Math.max(0, toNumber(subtract(effects.dot(effects, 0, this.p), this.correction)));
  }

  private holds(constant: DoubleDoubleVector): boolean {
    const effects = this.solution.qr.effects(constant);
    return toNumber(effects.dot(effects, this.p)) < 1e-20 * toNumber(constant.dot(constant));
  }
}

function checkRequest({ runs, response, weights, terms }: FitRequest): void {
  if (terms.length === 0) throw new FitRefused('no-terms', 'A model needs at least one term.');
  if (runs.length === 0) throw new FitRefused('no-runs', 'There are no runs with a result to fit the model to.');
  if (response.length !== runs.length) throw new FitRefused('count', `There are ${runs.length} runs and ${response.length} results; each run needs one.`);
  checkNumbers(response, 'result', Number.isFinite, 'a finite number');
  if (!weights) return;
  if (weights.length !== runs.length) throw new FitRefused('count', `There are ${runs.length} runs and ${weights.length} weights; each run needs one.`);
  checkNumbers(weights, 'weight', (weight) => Number.isFinite(weight) && weight > 0, 'a positive number');
}

function checkNumbers(values: readonly number[], what: string, fine: (value: number) => boolean, wanted: string): void {
  const wrong = values.findIndex((value) => !fine(value) || Math.abs(value) > 1e100);
  if (wrong >= 0) throw new FitRefused(what, `The ${what} of run ${wrong + 1} is ${values[wrong]}; it must be ${wanted}.`);
}
