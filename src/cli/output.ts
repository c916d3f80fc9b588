import { SingleBar } from 'cli-progress';

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A command that cannot do what it was asked for; the message is for the person at the terminal. */
export class CommandFailed extends Error {}

/** How far long work has come: a bar on a terminal, nothing where nobody watches. */
export class Progress {
  private readonly bar?: SingleBar;

  constructor(what: string, total: number) {
    if (!process.stderr.isTTY) return;
    this.bar = new SingleBar({ format: `${what} [{bar}] {percentage}% {value}/{total}, {eta_formatted} left`, hideCursor: true, clearOnComplete: true });
    this.bar.start(total, 0);
  }

  add(count: number): void {
    this.bar?.increment(count);
  }

  end(): void {
    this.bar?.stop();
  }
}

/** As `Progress`, but where nobody watches it leaves a line for each tenth. */
export class Steps {
  private readonly bar: Progress;
  private done = 0;
  private told = 0;

  constructor(
    private readonly what: string,
    private readonly total: number,
  ) {
    this.bar = new Progress(what, total);
  }

  add(count: number): void {
    this.bar.add(count);
    this.done += count;
    const tenths = Math.min(10, Math.floor((this.done / this.total) * 10));
    if (process.stderr.isTTY || tenths === this.told) return;
    this.told = tenths;
    process.stderr.write(`${this.what}: ${this.done} of ${this.total}\n`);
  }

  end(): void {
    this.bar.end();
  }
}

/** Columns wide enough for their widest cell; numbers stand right. */
export function table(rows: readonly (readonly (string | number)[])[]): string {
  const width = (column: number): number => Math.max(...rows.map((row) => String(row[column] ?? '').length));
  const cell = (value: string | number, column: number): string => (typeof value === 'number' ? String(value).padStart(width(column)) : value.padEnd(width(column)));
  return rows.map((row) => row.map(cell).join('  ').trimEnd()).join('\n');
}
