import { fitGaussianProcess } from './gaussian-process-fit.js';
import { GaussianProcess } from './gaussian-process.js';
import { suggestNextRun } from './next-run.js';
import { PredictionRefused } from './prediction.errors.js';
import { seededRandom } from './search.js';

const random = seededRandom(7);
const x = Array.from({ length: 30 }, () => [2 * random() - 1, 2 * random() - 1]);
/** Highest at (0.3, -0.4); the second factor matters less. */
const y = x.map(([a, b]) => 5 - 4 * (a! - 0.3) ** 2 - (b! + 0.4) ** 2);
const measured = y.map((value) => value + 0.2 * (random() - 0.5));

describe('a fitted Gaussian process', () => {
  const fitted = fitGaussianProcess({ x, y, kernel: 'matern52', seed: 3 });

  it('is at a maximum of the likelihood that it names', () => {
    const noisy = fitGaussianProcess({ x, y: measured, kernel: 'matern52', seed: 3 });
    expect(new GaussianProcess(noisy).logMarginalLikelihood).toBeCloseTo(noisy.logMarginalLikelihood, 6);
    for (const factor of [0.9, 1.1]) {
      const lengths = noisy.lengthScales.map((_, k) => ({ lengthScales: noisy.lengthScales.map((value, j) => (j === k ? value * factor : value)) }));
      const others = [{ signalVariance: noisy.signalVariance * factor }, { noiseVariance: noisy.noiseVariance * factor }, ...lengths];
      for (const other of others) expect(new GaussianProcess({ ...noisy, ...other }).logMarginalLikelihood).toBeLessThan(noisy.logMarginalLikelihood);
    }
  });

  it('learns the surface between the runs, and which factor matters more', () => {
    expect(new GaussianProcess(fitted).at([0.3, -0.4]).mean).toBeCloseTo(5, 1);
    expect(fitted.lengthScales[0]).toBeLessThan(fitted.lengthScales[1]!);
  });

  it('is the same again for the same seed', () => {
    expect(fitGaussianProcess({ x, y, kernel: 'matern52', seed: 3 })).toEqual(fitted);
  });

  it('suggests a run near the top, and within limits where they are set', () => {
    const request = { process: fitted, direction: 'maximize', bounds: [[-1, 1], [-1, 1]], seed: 1 } as const;
    const free = suggestNextRun(request);
    expect(Math.hypot(free.at[0]! - 0.3, free.at[1]! + 0.4)).toBeLessThan(0.25);
    const first = fitGaussianProcess({ x, y: x.map(([a]) => a!), kernel: 'matern52', seed: 1 });
    const held = suggestNextRun({ ...request, limits: [{ process: first, high: -0.2 }] });
    expect(held.at[0]).toBeLessThan(-0.1);
    expect(held.best).toBe(Math.max(...y.filter((_, i) => x[i]![0]! <= -0.2)));
  });

  it('reports progress, and is stopped by what the report throws', () => {
    const seen: number[] = [];
    const stop = (share: number): void => {
      seen.push(share);
      if (seen.length === 2) throw new Error('stopped');
    };
    expect(() => fitGaussianProcess({ x, y, kernel: 'rbf', seed: 1 }, stop)).toThrow('stopped');
    expect(seen).toEqual([1 / 3, 2 / 3]);
  });

  it('refuses what it cannot learn from', () => {
    expect(() => fitGaussianProcess({ x, y: y.map(() => 1), kernel: 'rbf', seed: 1 })).toThrow(PredictionRefused);
    expect(() => fitGaussianProcess({ x: [[1]], y: [1], kernel: 'rbf', seed: 1 })).toThrow(PredictionRefused);
    expect(() => fitGaussianProcess({ x, y: y.map(() => NaN), kernel: 'rbf', seed: 1 })).toThrow(PredictionRefused);
    expect(() => new GaussianProcess({ ...fitted, x: [[0, 0], [0, 0]], y: [1, 2], noiseVariance: 0 })).not.toThrow();
  });
});
