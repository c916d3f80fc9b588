import { Cholesky } from './cholesky.js';
import { correlation, type Kernel, scaledDistance } from './kernels.js';
import { PredictionRefused } from './prediction.errors.js';

/** All that a Gaussian process is; plain data. Points are in coded units, so that lengths can be compared. */
export interface GaussianProcessSpec {
  x: readonly (readonly number[])[];
  y: readonly number[];
  kernel: Kernel;
  /** One a factor: over about this distance the response is alike. */
  lengthScales: readonly number[];
  /** Variance of the response about its mean, without noise. */
  signalVariance: number;
  /** Variance of repeated measurements; above 0 where points repeat. */
  noiseVariance: number;
  constantMean: number;
}

export interface Belief {
  mean: number;
  /** Of the response itself, without the noise of measuring it. */
  sd: number;
}

/** A surface through measured points with what is unknown between them. Rasmussen and Williams (2006), algorithm 2.1. */
export class GaussianProcess {
  private readonly cholesky: Cholesky;
  private readonly weights: Float64Array;
  private readonly residuals: Float64Array;

  constructor(readonly spec: GaussianProcessSpec) {
    check(spec);
    this.cholesky = decomposed(covariance(spec));
    this.residuals = Float64Array.from(spec.y, (value) => value - spec.constantMean);
    this.weights = this.cholesky.solve(this.residuals);
  }

  at(point: readonly number[]): Belief {
    const { x, kernel, lengthScales, signalVariance, constantMean } = this.spec;
    const alike = Float64Array.from(x, (row) => signalVariance * correlation(kernel, scaledDistance(row, point, lengthScales)));
    const mean = constantMean + alike.reduce((sum, value, i) => sum + value * this.weights[i]!, 0);
    const known = this.cholesky.forward(alike).reduce((sum, value) => sum + value * value, 0);
    return { mean, sd: Math.sqrt(Math.max(0, signalVariance - known)) };
  }

  /** Log of the probability of the results. Eq. 2.30. */
  get logMarginalLikelihood(): number {
    const fit = this.residuals.reduce((sum, value, i) => sum + value * this.weights[i]!, 0);
    return -(fit + this.cholesky.logDeterminant + this.residuals.length * Math.log(2 * Math.PI)) / 2;
  }

  /** Each result as the others would have predicted it; `sd` holds the noise. Eqs. 5.10 to 5.12. */
  leaveOneOut(): Belief[] {
    return this.cholesky.inverse().map((row, i) => ({ mean: this.spec.y[i]! - this.weights[i]! / row[i]!, sd: Math.sqrt(1 / row[i]!) }));
  }
}

function covariance({ x, kernel, lengthScales, signalVariance, noiseVariance }: GaussianProcessSpec): Float64Array[] {
  return x.map((row, i) => Float64Array.from(x, (other, j) => signalVariance * correlation(kernel, scaledDistance(row, other, lengthScales)) + (i === j ? noiseVariance : 0)));
}

/** Points that are nearly the same may need a trace of noise before the matrix can be decomposed. */
function decomposed(matrix: readonly Float64Array[]): Cholesky {
  for (const jitter of [0, 1e-12, 1e-10, 1e-8]) {
    const found = Cholesky.of(matrix.map((row, i) => row.map((value, j) => (i === j ? value * (1 + jitter) : value))));
    if (found) return found;
  }
  throw new PredictionRefused('repeated-points', 'Points that are measured twice need a noise variance above 0.');
}

function check({ x, y, lengthScales, signalVariance, noiseVariance, constantMean }: GaussianProcessSpec): void {
  if (x.length === 0 || x.length !== y.length) throw new PredictionRefused('count', 'Give one result for each point, and at least one point.');
  if (x.some((row) => row.length !== lengthScales.length)) throw new PredictionRefused('count', 'Each point needs one coordinate for each length scale.');
  if (![...x.flat(), ...y, constantMean, noiseVariance].every(Number.isFinite)) throw new PredictionRefused('not-finite', 'Points and results must be finite numbers.');
  if (![...lengthScales, signalVariance].every((value) => Number.isFinite(value) && value > 0)) throw new PredictionRefused('hyperparameters', 'Length scales and signal variance must be positive.');
  if (noiseVariance < 0) throw new PredictionRefused('hyperparameters', 'The noise variance cannot be negative.');
}
