export type Step = 'register' | 'sign in' | 'make key' | 'consume' | 'post' | 'read page';

/** What happened, counted and timed. */
export class Tally {
  acknowledged = 0;
  duplicates = 0;
  retries = 0;
  /** Conversations that the plan did not allow, by the code of the answer. */
  readonly refusals = new Map<string, number>();
  /** Everything else that was not accepted, by the code of the answer. */
  readonly failures = new Map<string, number>();
  private readonly times = new Map<Step, number[]>();

  took(step: Step, milliseconds: number): void {
    const times = this.times.get(step);
    if (times) times.push(milliseconds);
    else this.times.set(step, [milliseconds]);
  }

  refused(code: string): void {
    count(this.refusals, code);
  }

  failed(code: string): void {
    count(this.failures, code);
  }

  steps(): { step: Step; count: number; p50: number; p99: number }[] {
    return [...this.times].map(([step, times]) => {
      const sorted = times.sort((a, b) => a - b);
      return { step, count: sorted.length, p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
    });
  }
}

export function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, value) => total + value, 0);
}

function count(counts: Map<string, number>, code: string): void {
  counts.set(code, (counts.get(code) ?? 0) + 1);
}

/** The smallest value that this share of all values does not exceed. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
