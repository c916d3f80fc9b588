import type { Factor } from '../factors.js';
import type { Preset } from '../terms.js';

/** Models that suit the factors, from the largest to the smallest. */
export function modelsFor(factors: readonly Factor[]): Preset[] {
  return factors.some(({ kind }) => kind === 'mixture') ? ['scheffe-quadratic', 'scheffe-linear'] : ['quadratic', 'interactions', 'linear'];
}
