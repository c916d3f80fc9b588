import { Injectable } from '@nestjs/common';

/** The only source of time, so that a test can move it. */
export abstract class Clock {
  abstract now(): Date;

  /** Milliseconds since the epoch; the cheap form for hot paths. */
  abstract millis(): number;
}

@Injectable()
export class SystemClock extends Clock {
  override now(): Date {
    return new Date();
  }

  override millis(): number {
    return Date.now();
  }
}
