import { randomInt } from 'node:crypto';

/** The waits after each failure that Standard Webhooks suggests, in seconds: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h. */
export const WAITS_SECONDS: readonly number[] = [5, 300, 1800, 7200, 18_000, 36_000, 36_000];

/** How long to wait after so many failures, up to a fifth longer than planned, so that what failed together does not return together; undefined when it was the last attempt. */
export function waitAfter(failures: number): number | undefined {
  const seconds = WAITS_SECONDS[failures - 1];
  return seconds === undefined ? undefined : seconds * 1000 + randomInt(seconds * 200);
}
