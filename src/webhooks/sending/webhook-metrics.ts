import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram } from 'prom-client';
import { Clock } from '../../platform/clock/clock.js';
import { millisOf, Sql } from '../../platform/database/sql.js';
import { Metrics } from '../../platform/health/metrics.js';

const WAITING = "SELECT COUNT(*), MIN(d.created_at) FROM webhook_endpoints e JOIN webhook_deliveries d ON d.endpoint_id = e.id AND d.status = 'waiting'";
const OUTCOMES = ['delivered', 'retried', 'dead'] as const;

export type AttemptOutcome = (typeof OUTCOMES)[number];

/** What waits, how long already, and what became of the rest. */
@Injectable()
export class WebhookMetrics {
  private readonly attempts: Counter<'outcome'>;
  private readonly seconds: Histogram;

  constructor(
    { registry }: Metrics,
    private readonly sql: Sql,
    private readonly clock: Clock,
  ) {
    const registers = [registry];
    this.attempts = new Counter({ name: 'provost_webhook_attempts_total', help: 'Attempts to deliver an event by how they ended; dead ones are not tried again by themselves.', labelNames: ['outcome'], registers });
    for (const outcome of OUTCOMES) this.attempts.inc({ outcome }, 0);
    this.seconds = new Histogram({ name: 'provost_webhook_attempt_seconds', help: 'How long endpoints took.', buckets: [0.05, 0.2, 1, 5, 15, 60], registers });
    const gauge = (name: string, help: string, value: (count: number, oldest: unknown) => number): void => {
      const made: Gauge = new Gauge({ name, help, registers, collect: () => this.measure((count, oldest) => made.set(value(count, oldest))) });
    };
    gauge('provost_webhook_deliveries_waiting', 'Deliveries that wait to be sent, by all processes; those of disabled endpoints too.', (count) => count);
    gauge('provost_webhook_oldest_waiting_seconds', 'How old the oldest waiting delivery is.', (_, oldest) => (oldest === null ? 0 : Math.max(0, (this.clock.millis() - millisOf(oldest)) / 1000)));
  }

  ended(outcome: AttemptOutcome, durationMs: number): void {
    this.attempts.inc({ outcome });
    this.seconds.observe(durationMs / 1000);
  }

  /** While the database is away the last figures stand. */
  private async measure(set: (count: number, oldest: unknown) => void): Promise<void> {
    const { rows } = await this.sql.execute(WAITING, []).catch(() => ({ rows: [] }));
    if (rows[0]) set(Number(rows[0][0]), rows[0][1]);
  }
}
