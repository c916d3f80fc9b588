import { Clock } from '../../src/platform/clock/clock.js';

/** Time stands still until a test moves it. */
export class FixedClock extends Clock {
  private at: number;

  constructor(at: string | number = '2026-03-02T12:00:00Z') {
    super();
    this.at = new Date(at).getTime();
  }

  override now(): Date {
    return new Date(this.at);
  }

  override millis(): number {
    return this.at;
  }

  set(at: string): void {
    this.at = new Date(at).getTime();
  }

  advanceSeconds(seconds: number): void {
    this.at += seconds * 1000;
  }
}
