import { setTimeout as pause } from 'node:timers/promises';

/** Waits for what happens by itself and soon; fails when it does not within ten seconds. */
export async function until(holds: () => boolean | Promise<boolean>, limitMs = 10_000): Promise<void> {
  const started = performance.now();
  while (!(await holds())) {
    if (performance.now() - started > limitMs) throw new Error(`It did not come about within ${limitMs} ms: ${holds.toString()}`);
    await pause(10);
  }
}
