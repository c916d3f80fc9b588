import type { Setting } from '../factors.js';
import { DesignRefused } from './design.errors.js';

/** What a run is in its design: where it stands, and why it is there. */
export type PointKind = 'factorial' | 'axial' | 'edge' | 'centre' | 'blend' | 'space-filling' | 'optimal' | 'screening';

/** A run as designed, in coded units; `runOrder` says when it is done. */
export interface PlannedRun {
  settings: Setting[];
  point: PointKind;
  /** From 1. Runs of one block are done under like conditions. */
  block: number;
  /** From 1: the same settings, set up and run again. */
  replicate: number;
}

/** More than that is not run by anybody, and its matrices would take the memory of the process. */
export const LARGEST_DESIGN = 10_000;

export function planned(points: readonly (readonly Setting[])[], point: PointKind, block = 1): PlannedRun[] {
  return points.map((settings) => ({ settings: [...settings], point, block, replicate: 1 }));
}

/** Centre points of numeric factors: coded 0 throughout. */
export function centrePoints(count: number, factors: number, block = 1): PlannedRun[] {
  checkCount('number of centre points', count, 0);
  return planned(Array.from({ length: count }, () => Array<number>(factors).fill(0)), 'centre', block);
}

/** The whole design several times over, centre points included. */
export function replicated(runs: readonly PlannedRun[], replicates: number): PlannedRun[] {
  checkCount('number of replicates', replicates, 1);
  checkSize(runs.length * replicates);
  return Array.from({ length: replicates }, (_, index) => runs.map((run) => ({ ...run, replicate: index + 1 }))).flat();
}

/** Throws `DesignRefused` where a design would be larger than `LARGEST_DESIGN`; call it before the runs are made. */
export function checkSize(runs: number): void {
  if (runs <= LARGEST_DESIGN) return;
  throw new DesignRefused('too-many-runs', `That makes ${runs.toLocaleString('en')} runs; a design has at most ${LARGEST_DESIGN.toLocaleString('en')}. Take fewer factors, levels or replicates, or a fraction.`);
}

/** Throws `DesignRefused` unless `count` is a whole number of at least `least`. */
export function checkCount(what: string, count: number, least: number): void {
  if (Number.isInteger(count) && count >= least && count <= LARGEST_DESIGN) return;
  throw new DesignRefused('count', `The ${what} must be a whole number from ${least} to ${LARGEST_DESIGN}, not ${count}.`);
}
