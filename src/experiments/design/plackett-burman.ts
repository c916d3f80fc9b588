import { DesignRefused } from './design.errors.js';
import { hadamard } from './hadamard.js';

/** Largest number of runs that is offered; screening beyond it is done by computer. */
const LARGEST = 100;

/**
 * Screening of up to N − 1 two-level factors in N runs, N a multiple of four (Plackett and Burman 1946, Biometrika 33, 305).
 * Where N − 1 is a prime these are their cyclic designs row for row; others come from Paley's second construction and by
 * doubling, and are as orthogonal. Main effects are partly aliased with every two-factor interaction that does not contain
 * them: fold the design over to free them.
 * @param runs The smallest that suffices unless given.
 */
export function plackettBurman(factors: number, runs = smallest(factors)): number[][] {
  if (!Number.isInteger(factors) || factors < 1) throw new DesignRefused('factor-count', 'Give a Plackett–Burman design at least one factor.');
  if (runs % 4 !== 0 || runs < 4 || runs > LARGEST) throw new DesignRefused('run-count', `A Plackett–Burman design has 4, 8, 12 … ${LARGEST} runs, not ${runs}.`);
  if (factors > runs - 1) throw new DesignRefused('runs-too-few', `${runs} runs hold at most ${runs - 1} factors; take ${4 * Math.ceil((factors + 1) / 4)} runs for ${factors}.`);
  const matrix = hadamard(runs);
  if (!matrix) throw new DesignRefused('run-count', `No construction of ${runs} runs is built in; take ${nextKnown(runs)}.`);
  return matrix.map((row) => row.slice(1, factors + 1));
}

/** The mirror image of every run, to be added: main effects are then free of two-factor interactions. */
export function mirrored(runs: readonly (readonly number[])[]): number[][] {
  return runs.map((run) => run.map((level) => -level));
}

function smallest(factors: number): number {
  return nextKnown(4 * Math.ceil((factors + 1) / 4) - 4);
}

function nextKnown(runs: number): number {
  const next = Math.max(4, runs + 4);
  return next > LARGEST || hadamard(next) ? next : nextKnown(next);
}
