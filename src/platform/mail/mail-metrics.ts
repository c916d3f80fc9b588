import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { Clock } from '../clock/clock.js';
import { millisOf, Sql } from '../database/sql.js';
import { Metrics } from '../health/metrics.js';

const WAITING = "SELECT COUNT(*), MIN(created_at) FROM outgoing_mails WHERE status = 'waiting'";

/** What waits, how long already, and what became of the rest. */
@Injectable()
export class MailMetrics {
  private readonly counter: Counter<'outcome'>;

  constructor(
    { registry }: Metrics,
    private readonly sql: Sql,
    private readonly clock: Clock,
  ) {
    this.counter = new Counter({ name: 'provost_mails_total', help: 'Attempts to send a mail by how they ended; failed ones are not tried again.', labelNames: ['outcome'], registers: [registry] });
    for (const outcome of ['sent', 'retried', 'failed']) this.counter.inc({ outcome }, 0);
    const gauge = (name: string, help: string, value: (count: number, oldest: unknown) => number): void => {
      const made: Gauge = new Gauge({ name, help, registers: [registry], collect: () => this.measure((count, oldest) => made.set(value(count, oldest))) });
    };
    gauge('provost_mails_waiting', 'Mails that wait to be sent, by all processes.', (count) => count);
    gauge('provost_mails_oldest_waiting_seconds', 'How long the oldest mail has waited to be sent.', (_, oldest) => this.secondsSince(oldest));
  }

  ended(outcome: string): void {
    if (outcome === 'dropped') return;
    this.counter.inc({ outcome: outcome === 'unreachable' ? 'retried' : outcome });
  }

  /** While the database is away the last figures stand: the other metrics matter most then. */
  private async measure(set: (count: number, oldest: unknown) => void): Promise<void> {
    const { rows } = await this.sql.execute(WAITING, []).catch(() => ({ rows: [] }));
    if (rows[0]) set(Number(rows[0][0]), rows[0][1]);
  }

  private secondsSince(oldest: unknown): number {
    return oldest === null ? 0 : Math.max(0, (this.clock.millis() - millisOf(oldest)) / 1000);
  }
}
