/** Most that wait; at some seconds each, who comes later would wait too long. */
const MAX_WAITING = 50;

/**
 * Lets so many in at once, in the order in which they came. piscina's own queue is not used: it does not count tasks that
 * can be aborted, and forgets those that wait when a thread is ended.
 */
export class Turns {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly atOnce: () => number,
    /** What is thrown when too many wait. */
    private readonly busy: () => Error,
  ) {}

  /** Rejects with the signal's reason if it is aborted before the turn comes. */
  async take<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    if (this.running >= this.atOnce()) await this.wait(signal);
    else this.running += 1;
    try {
      signal?.throwIfAborted();
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }

  private wait(signal: AbortSignal | undefined): Promise<void> {
    if (this.waiting.length >= MAX_WAITING) throw this.busy();
    return new Promise((resolve, reject) => {
      const turn = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(turn), 1);
        reject(signal!.reason as Error);
      };
      this.waiting.push(turn);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }
}
