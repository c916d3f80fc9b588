import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { Clock } from '../../platform/clock/clock.js';
import { Metrics } from '../../platform/health/metrics.js';
import type { LogRow } from './log-row.js';
import { Spool } from './spool.js';

/** What waits, how long already, and what became of it. */
@Injectable()
export class IntakeMetrics {
  private readonly since = new Set<{ at: number }>();
  private waiting = 0;
  private bytes = 0;
  private readonly counter: Counter<'outcome'>;

  constructor(
    { registry }: Metrics,
    private readonly spool: Spool,
    private readonly clock: Clock,
  ) {
    this.counter = new Counter({ name: 'provost_message_logs_total', help: 'Message logs by what became of them; lost must stay 0.', labelNames: ['outcome'], registers: [registry] });
    for (const outcome of ['accepted', 'duplicate', 'lost']) this.counter.inc({ outcome }, 0);
    const gauge = (name: string, help: string, value: () => number): void => {
      const made: Gauge = new Gauge({ name: `provost_message_logs_${name}`, help, registers: [registry], collect: () => made.set(value()) });
    };
    gauge('waiting', 'Message logs that wait in memory for their commit.', () => this.waiting);
    gauge('waiting_bytes', 'Bytes of the message logs that wait in memory.', () => this.bytes);
    gauge('oldest_waiting_seconds', 'How long the oldest message log in memory has waited for its commit.', () => this.oldestSeconds());
    gauge('spooled', 'Message logs that wait in the spool for the database.', () => this.spool.state().rows);
    gauge('spool_bytes', 'Bytes that the spool takes.', () => this.spool.state().bytes);
    gauge('oldest_spooled_seconds', 'How long the oldest message log has waited in the spool.', () => this.oldestSpooledSeconds());
  }

  get waitingBytes(): number {
    return this.bytes;
  }

  /** Counts a request in; the answer counts it out. */
  arrived(rows: number, bytes: number): () => void {
    const entry = { at: performance.now() };
    this.since.add(entry);
    this.waiting += rows;
    this.bytes += bytes;
    return () => {
      this.since.delete(entry);
      this.waiting -= rows;
      this.bytes -= bytes;
    };
  }

  stored(rows: readonly LogRow[], duplicates: ReadonlySet<string>): void {
    const repeated = duplicates.size === 0 ? 0 : rows.filter((row) => duplicates.has(row.id)).length;
    this.counter.inc({ outcome: 'accepted' }, rows.length - repeated);
    if (repeated > 0) this.counter.inc({ outcome: 'duplicate' }, repeated);
  }

  lost(rows: number): void {
    this.counter.inc({ outcome: 'lost' }, rows);
  }

  private oldestSeconds(): number {
    const [oldest] = this.since;
    return oldest ? (performance.now() - oldest.at) / 1000 : 0;
  }

  private oldestSpooledSeconds(): number {
    const { oldestAt } = this.spool.state();
    return oldestAt === undefined ? 0 : Math.max(0, (this.clock.millis() - oldestAt) / 1000);
  }
}
