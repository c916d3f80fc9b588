import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { padded, placeholders, Sql } from '../platform/database/sql.js';

const FLUSH_MS = 5000;
const RESOLUTION_MS = 60_000;
const BATCH = 256;

/** Stamps when keys were last used: off the hot path, in batches, at most once a minute for each key. */
@Injectable()
export class LastUses implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(LastUses.name);
  private used = new Set<string>();
  private flushed: Promise<void> = Promise.resolve();
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.flush(), FLUSH_MS);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  note(id: string, lastUsedAt: number, now: number): void {
    if (now - lastUsedAt >= RESOLUTION_MS) this.used.add(id);
  }

  /** Whoever asks while others are being stamped waits for them too: it may be theirs, and a stop must not leave them behind. */
  flush(): Promise<void> {
    return (this.flushed = this.flushed.then(() => this.stampUsed()));
  }

  private async stampUsed(): Promise<void> {
    const ids = [...this.used].sort();
    this.used = new Set();
    try {
      for (let start = 0; start < ids.length; start += BATCH) await this.stamp(ids.slice(start, start + BATCH));
    } catch (error) {
      // A stamp lost in an outage is made by the key's next use.
      this.logger.warn(`Could not stamp the last use of ${ids.length} keys: ${String(error)}`);
    }
  }

  private async stamp(ids: string[]): Promise<void> {
    const stamped = padded(ids);
    await this.sql.execute(`UPDATE api_keys SET last_used_at = ? WHERE id IN (${placeholders(stamped.length)})`, [this.clock.now(), ...stamped]);
  }
}
