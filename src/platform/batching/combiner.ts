export interface CombinerOptions<I = never> {
  /** Most items that one run gets, or the most that they weigh together; a single item may weigh more. */
  maxBatch: number;
  /** What an item counts towards `maxBatch`; without this, one. */
  weightOf?: (item: I) => number;
  /** Runs under way at once; while they are, callers gather for the next one. */
  maxInFlight: number;
  /** An error of a run that would meet the next runs as well: those who wait get it at once instead of one after the other. */
  dooms?(error: unknown): boolean;
  /** How long the first caller waits for company, in milliseconds; 0 waits for the end of the event-loop turn. */
  lingerMs?: number;
}

interface Waiting<I, O> {
  item: I;
  resolve(answer: O): void;
  reject(error: unknown): void;
}

/** An answer for one item of a batch: a value, or an error for that caller alone. */
export type Outcome<O> = { value: O } | { error: unknown };

/**
 * Joins callers into batches: whoever arrives while a run is under way goes into the next. Every caller gets the
 * outcome of its own item; when the run itself throws, all its callers get that error.
 */
export class Combiner<I, O> {
  private queue: Waiting<I, O>[] = [];
  private inFlight = 0;
  private scheduled = false;

  constructor(
    private readonly run: (items: I[]) => Promise<Outcome<O>[]>,
    private readonly options: CombinerOptions<I>,
  ) {}

  /** Callers not yet taken into a run. */
  get waiting(): number {
    return this.queue.length;
  }

  submit(item: I): Promise<O> {
    return new Promise((resolve, reject) => {
      this.queue.push({ item, resolve, reject });
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.scheduled || this.inFlight >= this.options.maxInFlight || this.queue.length === 0) return;
    this.scheduled = true;
    const { lingerMs = 0, maxBatch } = this.options;
    if (lingerMs > 0 && this.queue.length < maxBatch) setTimeout(() => this.start(), lingerMs);
    else setImmediate(() => this.start());
  }

  private start(): void {
    this.scheduled = false;
    const count = this.batchLength();
    const batch = this.queue.length <= count ? this.queue : this.queue.slice(0, count);
    this.queue = batch === this.queue ? [] : this.queue.slice(batch.length);
    if (batch.length === 0) return;
    this.inFlight += 1;
    void this.settle(batch);
    this.schedule();
  }

  private batchLength(): number {
    const { maxBatch, weightOf } = this.options;
    if (!weightOf) return maxBatch;
    let weight = 0;
    const tooMany = this.queue.findIndex(({ item }, index) => (weight += weightOf(item)) > maxBatch && index > 0);
    return tooMany < 0 ? this.queue.length : tooMany;
  }

  private async settle(batch: Waiting<I, O>[]): Promise<void> {
    try {
      const outcomes = await this.run(batch.map((waiting) => waiting.item));
      batch.forEach((waiting, index) => {
        const outcome = outcomes[index]!;
        if ('error' in outcome) waiting.reject(outcome.error);
        else waiting.resolve(outcome.value);
      });
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
      if (this.options.dooms?.(error)) for (const waiting of this.queue.splice(0)) waiting.reject(error);
    } finally {
      this.inFlight -= 1;
      this.schedule();
    }
  }
}
