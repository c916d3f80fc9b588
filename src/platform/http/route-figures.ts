/** Upper bounds of the buckets, in seconds: each costs a series for every route. */
const BOUNDS: readonly number[] = [0.005, 0.025, 0.1, 0.5, 2.5, 10];
const CLASSES = ['', '1xx', '2xx', '3xx', '4xx', '5xx'];
const FAILED = 5;

/**
 * The figures of one route. Bare numbers, because every request adds to them: prom-client makes a text of the labels each time,
 * and two such metrics would cost 2 µs a request. Of what was never asked nothing is written.
 */
export class RouteFigures {
  private readonly labels: string;
  private readonly answers: number[] = CLASSES.map(() => 0);
  /** How many took up to each bound, but longer than the bound before; the last took longer than all. */
  private readonly buckets: number[] = [...BOUNDS, Infinity].map(() => 0);
  private seconds = 0;

  constructor(
    method: string,
    pattern: string,
    private readonly timed: boolean,
  ) {
    this.labels = `method="${method}",route="${pattern.replace(/["\\]/g, '\\$&')}"`;
  }

  add(status: number, milliseconds: number): void {
    this.answers[Math.trunc(status / 100)]! += 1;
    // What is refused is refused before the work: many of them would make a slow route look quick.
    if (this.timed && status < 400) this.time(milliseconds / 1000);
  }

  answersAs(name: string): string {
    const isAsked = this.answers.some((count) => count > 0);
    // Prometheus sees increases only: a first failure must come after a 0.
    return this.answers.map((count, index) => (count > 0 || (isAsked && index === FAILED) ? `${name}{${this.labels},status_class="${CLASSES[index]}"} ${count}\n` : '')).join('');
  }

  durationsAs(name: string): string {
    let count = 0;
    const buckets = this.buckets.map((each, index) => `${name}_bucket{${this.labels},le="${BOUNDS[index] ?? '+Inf'}"} ${(count += each)}\n`);
    return count === 0 ? '' : `${buckets.join('')}${name}_sum{${this.labels}} ${this.seconds}\n${name}_count{${this.labels}} ${count}\n`;
  }

  private time(seconds: number): void {
    let bucket = 0;
    while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]!) bucket += 1;
    this.buckets[bucket]! += 1;
    this.seconds += seconds;
  }
}
