import { Cholesky } from './cholesky.js';
import type { GaussianProcessSpec } from './gaussian-process.js';
import { correlation, type Kernel, lengthSensitivity, scaledDistance } from './kernels.js';
import { PredictionRefused } from './prediction.errors.js';
import { minimizeSmooth } from './quasi-newton.js';
import { seededRandom } from './search.js';

/** Plain data: the fit may run in a worker thread. */
export interface GaussianProcessRequest {
  /** In coded units, one row a run. */
  x: readonly (readonly number[])[];
  y: readonly number[];
  kernel: Kernel;
  seed: number;
  /** Number of searches, from different lengths. 3 if absent. */
  starts?: number;
}

export interface GaussianProcessFit extends GaussianProcessSpec {
  lengthScales: number[];
  logMarginalLikelihood: number;
}

/** Lengths in coded units, and the share of noise in the signal: beyond these ends the likelihood is flat. */
const LENGTH = { low: 0.05, high: 20 };
const NOISE = { low: 1e-8, high: 10 };

interface Profile {
  /** Minus the log-likelihood at the best mean and signal variance. */
  value: number;
  gradient: number[];
  mean: number;
  signalVariance: number;
}

/**
 * The hyper-parameters that make the results most likely. Mean and signal variance have closed forms and are profiled out; lengths
 * and noise are searched on a log scale from several starts. Santner, Williams and Notz (2003), section 3.3; gradient as in
 * Rasmussen and Williams (2006), eq. 5.9.
 */
export function fitGaussianProcess(request: GaussianProcessRequest, onProgress?: (share: number) => void): GaussianProcessFit {
  const { x, y, kernel, seed, starts = 3 } = request;
  check(request);
  const random = seededRandom(seed);
  const size = x[0]!.length;
  const bounds = [...Array.from({ length: size }, () => logs(LENGTH)), logs(NOISE)];
  const profile = (at: readonly number[]): Profile => profileAt(request, at);
  let best: { at: number[]; value: number } | undefined;
  for (let start = 0; start < starts; start++) {
    const from = bounds.map(([low, high], k) => (start === 0 ? (k < size ? 0 : Math.log(1e-2)) : low + (0.25 + random() / 2) * (high - low)));
    const found = minimizeSmooth(profile, from, bounds);
    if (!best || found.value < best.value) best = found;
    onProgress?.((start + 1) / starts);
  }
  const { at } = best!;
  const { mean, signalVariance, value } = profile(at);
  const lengthScales = at.slice(0, size).map(Math.exp);
  return { x, y, kernel, lengthScales, signalVariance, noiseVariance: signalVariance * Math.exp(at[size]!), constantMean: mean, logMarginalLikelihood: -value };
}

function profileAt({ x, y, kernel }: GaussianProcessRequest, at: readonly number[]): Profile {
  const n = y.length;
  const lengths = at.slice(0, -1).map(Math.exp);
  const noise = Math.exp(at.at(-1)!);
  // The lower triangles are all that is read.
  const distances = x.map((row, i) => Float64Array.from(x, (other, j) => (j < i ? scaledDistance(row, other, lengths) : 0)));
  const matrix = distances.map((row, i) => row.map((r, j) => (j < i ? correlation(kernel, r) : 1 + noise)));
  const cholesky = Cholesky.of(matrix);
  if (!cholesky) return { value: Infinity, gradient: at.map(() => 0), mean: 0, signalVariance: 1 };
  const ones = cholesky.solve(new Float64Array(n).fill(1));
  const mean = ones.reduce((sum, value, i) => sum + value * y[i]!, 0) / ones.reduce((sum, value) => sum + value, 0);
  const residuals = Float64Array.from(y, (value) => value - mean);
  const weights = cholesky.solve(residuals);
  const signalVariance = residuals.reduce((sum, value, i) => sum + value * weights[i]!, 0) / n;
  const value = (n * (Math.log(2 * Math.PI * signalVariance) + 1) + cholesky.logDeterminant) / 2;
  return { value, gradient: gradientOf({ x, kernel, lengths, noise, distances, weights, signalVariance, inverse: cholesky.inverse() }), mean, signalVariance };
}

interface Derivation {
  x: readonly (readonly number[])[];
  kernel: Kernel;
  lengths: readonly number[];
  noise: number;
  distances: readonly Float64Array[];
  weights: Float64Array;
  signalVariance: number;
  inverse: readonly Float64Array[];
}

/** Half the trace of (K^-1 - a a' / s²) times the derivative of K, for each log length and the log noise. */
function gradientOf({ x, kernel, lengths, noise, distances, weights, signalVariance, inverse }: Derivation): number[] {
  const gradient = [...lengths.map(() => 0), 0];
  distances.forEach((row, i) => {
    gradient[lengths.length]! += noise / 2 * (inverse[i]![i]! - weights[i]! ** 2 / signalVariance);
    for (let j = 0; j < i; j++) {
      const factor = (inverse[i]![j]! - weights[i]! * weights[j]! / signalVariance) * lengthSensitivity(kernel, row[j]!);
      for (let k = 0; k < lengths.length; k++) gradient[k]! += factor * ((x[i]![k]! - x[j]![k]!) / lengths[k]!) ** 2;
    }
  });
  return gradient;
}

function logs({ low, high }: { low: number; high: number }): [number, number] {
  return [Math.log(low), Math.log(high)];
}

function check({ x, y }: GaussianProcessRequest): void {
  const size = x[0]?.length ?? 0;
  if (x.length !== y.length || x.length < 3) throw new PredictionRefused('too-few-runs', 'A Gaussian process needs at least three runs with a result each.');
  if (size === 0 || x.some((row) => row.length !== size)) throw new PredictionRefused('count', 'Each point needs one coordinate for each factor, and at least one.');
  if (![...x.flat(), ...y].every(Number.isFinite)) throw new PredictionRefused('not-finite', 'Points and results must be finite numbers.');
  if (y.every((value) => value === y[0])) throw new PredictionRefused('constant', 'All results are the same, so nothing can be learnt from where they were measured.');
}
