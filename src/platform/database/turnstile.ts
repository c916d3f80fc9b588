import { AsyncLocalStorage } from 'node:async_hooks';

/** A statement inside a transaction was sent outside of it, on an engine with one connection: it would wait for itself forever. */
export class WaitsForItself extends Error {
  constructor(statement: string) {
    super(
      `This query waits for the transaction it runs in: use the transaction's own manager (tx) instead of the outer one. Query: ${statement.slice(0, 120)}`,
    );
    this.name = 'WaitsForItself';
  }
}

/**
 * Lets one holder at a time through, in order of arrival. The embedded engine has a single connection: a transaction
 * holds the turnstile from BEGIN to COMMIT, a lone statement for itself.
 */
export class Turnstile {
  private readonly scope = new AsyncLocalStorage<{ holder?: object }>();
  private holder: object | undefined;
  private readonly waiting: (() => void)[] = [];

  /** Marks everything `run` starts as belonging to one transaction, so that waiting for oneself can be told apart. */
  inScope<T>(run: () => Promise<T>): Promise<T> {
    // A transaction begun on the outer manager inside of another one waits for itself too, so the holder is inherited.
    return this.scope.run({ holder: this.scope.getStore()?.holder }, run);
  }

  isHeldBy(who: object): boolean {
    return this.holder === who;
  }

  async enter(who: object, statement: string): Promise<void> {
    if (this.holder !== undefined) {
      if (this.scope.getStore()?.holder === this.holder) throw new WaitsForItself(statement);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.holder = who;
  }

  /** Remembers in the current scope who holds the turnstile for it. */
  claimScope(who: object): void {
    const scope = this.scope.getStore();
    if (scope) scope.holder = who;
  }

  leave(who: object): void {
    if (this.holder !== who) return;
    const next = this.waiting.shift();
    // The place is handed over, never left empty in between: nobody can slip past those who wait.
    this.holder = next ? HANDED_OVER : undefined;
    next?.();
  }
}

const HANDED_OVER = {};
