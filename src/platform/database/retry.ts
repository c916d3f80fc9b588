import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRetryable } from './failures.js';

const ATTEMPTS = 8;

/** Runs a whole transaction again after a deadlock or lock timeout: eight times at most, with growing, jittered pauses. */
export async function retryingDeadlocks<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt >= ATTEMPTS || !isRetryable(error)) throw error;
      await sleep(randomInt(1, 5 * 2 ** attempt));
    }
  }
}
