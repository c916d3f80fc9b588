import { setTimeout as pause } from 'node:timers/promises';

const STEP_MS = 10;
/** A longer step is a stall of the machine, and counts as this. */
const LONGEST_STEP_MS = 100;
const LIMIT_MS = 30_000;

/**
 * How long something lasts while this process has its turns: time stands still while a busy machine runs other programs
 * only. What is promised within two seconds is promised of the service, not of the machine.
 */
class OwnTime {
  private passed = 0;
  private at = performance.now();
  private readonly steps = setInterval(() => this.now(), STEP_MS).unref();

  now(): number {
    const at = performance.now();
    this.passed += Math.min(at - this.at, LONGEST_STEP_MS);
    this.at = at;
    return this.passed;
  }

  async pause(ms: number): Promise<void> {
    for (const end = this.now() + ms; this.now() < end; ) await pause(STEP_MS);
  }

  stop(): void {
    clearInterval(this.steps);
  }
}

export const ownTime = new OwnTime();
// It would keep all that the file has loaded in the worker's memory.
afterAll(() => ownTime.stop());

/** Asks again until it holds; answers how long that took. Whoever is asked has no turn either while its answer is that long in coming. */
export async function ownMsUntil(holds: () => Promise<boolean>): Promise<number> {
  const began = performance.now();
  let passed = 0;
  for (let asked = began; !(await holds()); asked = performance.now()) {
    if (asked - began > LIMIT_MS) throw new Error(`It did not come about within ${LIMIT_MS} ms: ${holds.toString()}`);
    await pause(STEP_MS);
    passed += Math.min(performance.now() - asked, LONGEST_STEP_MS);
  }
  return passed;
}
