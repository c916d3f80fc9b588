/** Ends a task for two reasons: its caller's, and its time, which runs from when it began and not while it waits. */
export class Watch {
  private readonly late = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  readonly signal: AbortSignal;

  constructor(
    private readonly seconds: number,
    caller: AbortSignal | undefined,
  ) {
    this.signal = caller ? AbortSignal.any([caller, this.late.signal]) : this.late.signal;
  }

  begin(): void {
    this.timer ??= setTimeout(() => this.late.abort(), this.seconds * 1000);
  }

  end(): void {
    clearTimeout(this.timer);
  }

  get isOver(): boolean {
    return this.late.signal.aborted;
  }
}
