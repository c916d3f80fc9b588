import type { Factor, Setting, Settings } from '../factors.js';
import { modelOf } from '../model-matrix.js';
import type { Term } from '../terms.js';
import { candidatesOf } from './added-runs.js';
import { DesignRefused } from './design.errors.js';
import { type Estimability, estimability } from './estimable.js';
import { ExchangeState } from './exchange-state.js';
import { Region } from './region.js';

/** What is left of a design when runs are lost, and which one run would restore most of it. */
export interface LostRunReport extends Estimability {
  runsLeft: number;
  residualDf: number;
  /** det(X'X)^(1/p) after the loss over that before; 0 where a term can no longer be estimated. */
  relativeEfficiency: number;
  replacement: Replacement;
}

export interface Replacement {
  /** Coded settings of the run to do. */
  settings: Setting[];
  /** Index of the lost run that it repeats; null for a new one. */
  repeats: number | null;
  /** With it in place; 1 is the design as it was planned. */
  relativeEfficiency: number;
  rank: number;
}

const RIDGE = 1e-6;

/**
 * @param runs Coded settings of all runs as planned, which must be able to estimate the terms.
 * @param lost Indices of those that gave no result.
 */
export function lostRuns(factors: readonly Factor[], terms: readonly Term[], runs: readonly Settings[], lost: readonly number[], region = new Region(factors)): LostRunReport {
  checkLost(runs, lost);
  const model = modelOf(factors, terms, 'sum');
  const size = model.columns.length;
  const rows = (some: readonly Settings[]): Float64Array[] => some.map((run) => Float64Array.from(model.row(run)));
  const planned = new ExchangeState(rows(runs), size, 0).exactLogDeterminant();
  if (!Number.isFinite(planned)) throw new DesignRefused('singular', 'Even complete, the design cannot estimate all terms; drop some before asking what lost runs cost.');
  const left = runs.filter((_, index) => !lost.includes(index));
  const efficiency = (some: readonly Settings[]): number => Math.exp((new ExchangeState(rows(some), size, 0).exactLogDeterminant() - planned) / size);
  const state = estimability(factors, terms, left);
  return {
    ...state,
    runsLeft: left.length,
    residualDf: left.length - state.rank,
    relativeEfficiency: efficiency(left),
    replacement: replacementFor(factors, terms, runs, lost, region, efficiency),
  };
}

/** The run at which the fit is least certain is the one that multiplies det(X'X) most (Fedorov 1972). A lost run goes before a new one that is as good. */
function replacementFor(factors: readonly Factor[], terms: readonly Term[], runs: readonly Settings[], lost: readonly number[], region: Region, efficiency: (some: readonly Settings[]) => number): Replacement {
  const model = modelOf(factors, terms, 'sum');
  const left = runs.filter((_, index) => !lost.includes(index));
  const state = new ExchangeState(left.map((run) => Float64Array.from(model.row(run))), model.columns.length, RIDGE);
  const old = lost.map((index) => ({ settings: runs[index]!, row: Float64Array.from(model.row(runs[index]!)), repeats: index }));
  const fresh = candidatesOf(region, model).map((candidate) => ({ ...candidate, repeats: null }));
  const { settings, repeats } = [...old, ...fresh]
    .map((candidate) => ({ ...candidate, variance: state.variance(candidate.row) }))
    .reduce((a, b) => (b.variance > a.variance * (1 + 1e-6) ? b : a));
  return { settings: [...settings], repeats, relativeEfficiency: efficiency([...left, settings]), rank: estimability(factors, terms, [...left, settings]).rank };
}

function checkLost(runs: readonly Settings[], lost: readonly number[]): void {
  if (lost.length === 0) throw new DesignRefused('lost-runs', 'Name at least one lost run.');
  if (new Set(lost).size < lost.length || lost.some((index) => !Number.isInteger(index) || index < 0 || index >= runs.length)) {
    throw new DesignRefused('lost-runs', `Name lost runs once each, by their number from 0 to ${runs.length - 1}.`);
  }
  if (lost.length === runs.length) throw new DesignRefused('lost-runs', 'All runs are lost: start the design again.');
}
