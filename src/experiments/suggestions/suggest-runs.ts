import { codedLevels, type Factor, natural, scale } from '../factors.js';
import { demandFinite } from '../models/finite.js';
import type { Direction } from '../prediction/acquisition.js';
import { fitGaussianProcess } from '../prediction/gaussian-process-fit.js';
import { GaussianProcess, type GaussianProcessSpec } from '../prediction/gaussian-process.js';
import { type NextRun, suggestNextRun } from '../prediction/next-run.js';

/** Plain data: suggestions are made in a worker thread. */
export interface SuggestInput {
  readonly factors: readonly Factor[];
  /** In coded units, one row a run. */
  readonly x: readonly (readonly number[])[];
  readonly y: readonly number[];
  readonly direction: Direction;
  /** What others measured in the same runs must keep within. */
  readonly limits: readonly { readonly y: readonly number[]; readonly low?: number; readonly high?: number }[];
  readonly count: number;
  readonly seed: number;
}

export interface SuggestedRun {
  /** Natural, in the order of the factors. */
  at: number[];
  expectedImprovement: number;
  probabilityWithinLimits: number;
  mean: number;
  sd: number;
  best: number | null;
}

export interface Suggested {
  runs: SuggestedRun[];
  /** What was learnt of each factor: over about this distance in coded units the response is alike. */
  lengthScales: number[];
  /** Standard deviation of a repeated measurement. */
  noiseSd: number;
  /** Whether time was over before all were found. */
  isStopped: boolean;
}

const KERNEL = 'matern52';

/**
 * The next runs, one after another: each is believed to come out as expected before the next one is looked for (the kriging
 * believer of Ginsbourger, Le Riche and Carraro 2010, in Computational intelligence in expensive optimization problems).
 */
export function suggestRuns(input: SuggestInput, report: (done: number) => boolean): Suggested {
  const { factors, x, direction, limits, count, seed } = input;
  const learnt = [input.y, ...limits.map(({ y }) => y)].map((y) => believable(fitGaussianProcess({ x, y, kernel: KERNEL, seed })));
  let processes: GaussianProcessSpec[] = learnt;
  const runs: SuggestedRun[] = [];
  let isStopped = false;
  for (let n = 0; n < count && !isStopped; n++) {
    const [process, ...others] = processes as [GaussianProcessSpec, ...GaussianProcessSpec[]];
    const next = suggestNextRun({
      process, direction, seed: seed + n, bounds: factors.map(() => [-1, 1] as const),
      levels: factors.map((factor) => codedLevels(factor)?.map(Number) ?? null),
      limits: others.map((other, index) => ({ ...boundsOf(limits[index]!), process: other })),
    });
    runs.push(shownRun(factors, next));
    processes = processes.map((one) => believing(one, next.at));
    isStopped = report((n + 1) / count) && n + 1 < count;
  }
  const { lengthScales, noiseVariance } = learnt[0]!;
  const suggested = { runs, lengthScales: [...lengthScales], noiseSd: Math.sqrt(noiseVariance), isStopped };
  demandFinite(suggested);
  return suggested;
}

function boundsOf({ low, high }: SuggestInput['limits'][number]): { low?: number; high?: number } {
  return { ...(low !== undefined && { low }), ...(high !== undefined && { high }) };
}

/** Without what only the search for it knew. */
function believable({ x, y, kernel, lengthScales, signalVariance, noiseVariance, constantMean }: GaussianProcessSpec): GaussianProcessSpec {
  return { x, y, kernel, lengthScales, signalVariance, noiseVariance, constantMean };
}

function believing(spec: GaussianProcessSpec, at: readonly number[]): GaussianProcessSpec {
  return { ...spec, x: [...spec.x, at], y: [...spec.y, new GaussianProcess(spec).at(at).mean] };
}

function shownRun(factors: readonly Factor[], { at, expectedImprovement, probabilityWithinLimits, belief: { mean, sd }, best }: NextRun): SuggestedRun {
  return { at: at.map((value, index) => setting(factors[index]!, value)), expectedImprovement, probabilityWithinLimits, mean, sd, best };
}

/** Six digits are more than anybody sets. */
function setting(factor: Factor, code: number): number {
  const value = Number(natural(factor, code));
  if (factor.kind === 'discrete') return value;
  const { low, high } = scale(factor);
  return Math.min(high, Math.max(low, Number(value.toPrecision(6))));
}
