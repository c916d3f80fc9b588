import { Unavailable } from './errors.js';
import type { Time } from './time.js';

const FAILURES = 5;
const OPEN_MS = 1000;

/** Leaves Provost alone for a second after failures in a row; then one call tries, and the others wait for how it went. */
export class Breaker {
  private failures = 0;
  private openUntil = -Infinity;

  constructor(private readonly time: Time) {}

  /** Throws when Provost is not to be called now. */
  admit(): void {
    if (this.failures < FAILURES) return;
    const now = this.time.steady();
    if (now < this.openUntil) throw new Unavailable('provost.unavailable', 'Provost does not answer at the moment; try again shortly.', (this.openUntil - now) / 1000);
    // Whoever comes next within the second is refused: this call tries for all.
    this.openUntil = now + OPEN_MS;
  }

  succeeded(): void {
    this.failures = 0;
  }

  failed(): void {
    this.failures += 1;
    if (this.failures >= FAILURES) this.openUntil = this.time.steady() + OPEN_MS;
  }
}
