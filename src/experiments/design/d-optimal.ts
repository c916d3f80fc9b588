import type { Setting } from '../factors.js';
import { Attempt } from './exchange-attempt.js';
import { Exchange, type OptimalDesign, type OptimalOptions } from './exchange-setup.js';
import type { Search } from './search-progress.js';

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
  for (let start = 0; start < starts; start += 1) {
    const attempt = new Attempt(setup);
    for (let sweep = 0; sweep < MOST_SWEEPS && attempt.improve(); sweep += 1) {
      const best = Math.max(setup.score(attempt.logDeterminant()), ...results.map(({ logDeterminant }) => setup.score(logDeterminant)));
      if ((yield { done: (start + sweep / MOST_SWEEPS) / starts, best }) === 'stop') return setup.result([...results, attempt.result()]);
    }
    results.push(attempt.result());
  }
  return setup.result(results);
}
