import type { Setting } from '../factors.js';
import { Attempt } from './exchange-attempt.js';
import { Exchange, type OptimalDesign, type OptimalOptions } from './exchange-setup.js';
import type { Progress, Search } from './search-progress.js';

const MOST_SWEEPS = 100;

/**
 * D-optimal design: the runs whose det(X'X) is largest, so that the joint confidence region of the coefficients is smallest.
 * Over candidates by Fedorov's exchange (1972), else by coordinate exchange (Meyer and Nachtsheim 1995, Technometrics 37,
 * 60), along each factor, and along pairs of shares of a mixture. Not proven best: the best of several random starts.
 */
export function* dOptimal(options: OptimalOptions): Search<OptimalDesign> {
  const setup = new Exchange(options);
  const starts = options.starts ?? 10;
  const results: { logDeterminant: number; runs: Setting[][] }[] = [];
  for (let start = 0, best = 0, stopped = false; start < starts && !stopped; start += 1) {
    const attempt = new Attempt(setup);
    stopped = yield* improved(attempt, (sweep) => ({ done: (start + sweep / MOST_SWEEPS) / starts, best: Math.max(best, setup.score(attempt.logDeterminant())) }));
    results.push(attempt.result());
    best = Math.max(best, setup.score(attempt.logDeterminant()));
  }
  return setup.result(results);
}

/** Sweeps as long as they gain; whether it was stopped before. Reports after every run that was tried: a sweep over many takes seconds. */
function* improved(attempt: Attempt, progress: (sweep: number) => Progress): Generator<Progress, boolean, 'stop' | undefined> {
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep += 1) {
    const steps = attempt.improve();
    let step = steps.next();
    for (; !step.done; step = steps.next()) if ((yield progress(sweep)) === 'stop') return true;
    if (!step.value) return false;
  }
  return false;
}
