import { setTimeout as pause } from 'node:timers/promises';

/** Waits for what happens by itself and soon; fails when it does not within half a minute, which a busy machine may take. */
export async function until(holds: () => boolean | Promise<boolean>, limitMs = 30_000): Promise<void> {
  const started = performance.now();
  while (!(await holds())) {
    if (performance.now() - started > limitMs) throw new Error(`It did not come about within ${limitMs} ms: ${holds.toString()}`);
    await pause(10);
  }
}
