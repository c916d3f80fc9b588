import { Combiner, type Outcome } from './combiner.js';

/** Runs that end when the test says so. */
class Runs {
  readonly started: number[][] = [];
  private readonly ends: ((outcomes: Outcome<number>[]) => void)[] = [];

  readonly run = (items: number[]): Promise<Outcome<number>[]> => {
    this.started.push(items);
    return new Promise((resolve) => this.ends.push(resolve));
  };

  end(): void {
    const items = this.started[this.started.length - this.ends.length]!;
    this.ends.shift()!(items.map((item) => ({ value: item * 10 })));
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('combiner', () => {
  it('joins the callers of one turn, and answers each with its own', async () => {
    const runs = new Runs();
    const combiner = new Combiner(runs.run, { maxBatch: 10, maxInFlight: 1 });
    const answers = Promise.all([1, 2, 3].map((item) => combiner.submit(item)));
    await turn();
    expect(runs.started).toEqual([[1, 2, 3]]);
    runs.end();
    expect(await answers).toEqual([10, 20, 30]);
  });

  it('lets callers gather while as many runs are under way as it may have', async () => {
    const runs = new Runs();
    const combiner = new Combiner(runs.run, { maxBatch: 10, maxInFlight: 1 });
    const first = combiner.submit(1);
    await turn();
    const later = [combiner.submit(2), combiner.submit(3)];
    await turn();
    expect(runs.started).toEqual([[1]]);
    expect(combiner.waiting).toBe(2);
    runs.end();
    expect(await first).toBe(10);
    await turn();
    expect(runs.started).toEqual([[1], [2, 3]]);
    runs.end();
    expect(await Promise.all(later)).toEqual([20, 30]);
  });

  it('never makes a batch larger than it may be, and loses nobody over it', async () => {
    const sizes: number[] = [];
    const combiner = new Combiner<number, number>(
      async (items) => {
        sizes.push(items.length);
        await turn();
        return items.map((item) => ({ value: -item }));
      },
      { maxBatch: 7, maxInFlight: 2 },
    );
    const numbers = Array.from({ length: 1000 }, (_, index) => index + 1);
    expect(await Promise.all(numbers.map((item) => combiner.submit(item)))).toEqual(numbers.map((item) => -item));
    expect(Math.max(...sizes)).toBe(7);
    expect(combiner.waiting).toBe(0);
  });

  it('gives an error to the caller it belongs to, and the error of a whole run to all of its callers', async () => {
    const single = new Combiner<number, number>(async (items) => items.map((item) => (item === 2 ? { error: new Error('two') } : { value: item })), { maxBatch: 10, maxInFlight: 1 });
    const outcomes = await Promise.allSettled([1, 2, 3].map((item) => single.submit(item)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);

    let calls = 0;
    const whole = new Combiner<number, number>(
      async (items) => {
        if (++calls === 1) throw new Error('all of it');
        return items.map((item) => ({ value: item }));
      },
      { maxBatch: 10, maxInFlight: 1 },
    );
    const failed = await Promise.allSettled([1, 2].map((item) => whole.submit(item)));
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await whole.submit(3)).toBe(3);
  });
});
