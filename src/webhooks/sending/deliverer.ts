import { Injectable, Logger } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, LessThanOrEqual } from 'typeorm';
import { Clock } from '../../platform/clock/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { type Attempt, DeliveryStatus, WebhookDelivery } from '../webhook-delivery.entity.js';
import { WebhookEndpoint } from '../webhook-endpoint.entity.js';
import { WebhookEvent } from '../webhook-event.entity.js';
import { WebhookSecrets } from '../webhook-secrets.js';
import { EndpointHealth } from './endpoint-health.js';
import { Poster } from './poster.js';
import { waitAfter } from './schedule.js';
import { type AttemptOutcome, WebhookMetrics } from './webhook-metrics.js';

/** Beyond the longest attempt, for whoever is slow to write down what came of it. */
const LEASE_SLACK_MS = 60_000;
const GONE = 410;

/**
 * One attempt to deliver one row. The number of attempts says whose the row is: it is raised by whoever takes the row, and what an
 * overtaken sender writes later finds another number and changes nothing.
 */
@Injectable()
export class Deliverer {
  private readonly logger = new Logger('Webhooks');

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly secrets: WebhookSecrets,
    private readonly poster: Poster,
    private readonly health: EndpointHealth,
    private readonly metrics: WebhookMetrics,
  ) {}

  /** Answers false when the endpoint takes nothing any more. */
  async attempt(row: WebhookDelivery): Promise<boolean> {
    if (!(await this.take(row))) return true;
    const endpoint = await this.db.findOneBy(WebhookEndpoint, { id: row.endpointId });
    const event = await this.db.findOneBy(WebhookEvent, { id: row.eventId });
    if (!endpoint?.enabled || !event) return this.giveBack(row);
    const attempt = await this.poster.post({ id: event.id, url: endpoint.url, body: event.body, secrets: this.secrets.of(endpoint) });
    row.note(attempt);
    const outcome = await (attempt.error === null ? this.delivered(row) : this.failed(row, endpoint, attempt));
    this.metrics.ended(outcome, attempt.durationMs);
    return true;
  }

  private async take(row: WebhookDelivery): Promise<boolean> {
    const now = this.clock.now();
    const lease = new Date(now.getTime() + this.settings.webhookTimeoutSeconds * 1000 + LEASE_SLACK_MS);
    const { affected } = await this.db.update(WebhookDelivery, { ...mine(row), dueAt: LessThanOrEqual(now) }, { attempts: row.attempts + 1, dueAt: lease });
    row.attempts += 1;
    return affected === 1;
  }

  /** Its endpoint was disabled or deleted while it was taken: it waits as it did. */
  private async giveBack(row: WebhookDelivery): Promise<false> {
    await this.db.update(WebhookDelivery, mine(row), { dueAt: this.clock.now() });
    return false;
  }

  private async delivered(row: WebhookDelivery): Promise<AttemptOutcome> {
    await this.db.transaction(async (tx) => {
      await tx.update(WebhookDelivery, mine(row), { status: DeliveryStatus.Delivered, history: row.history, finishedAt: this.clock.now() });
      await this.health.succeeded(tx, row.endpointId);
    });
    return 'delivered';
  }

  private async failed(row: WebhookDelivery, endpoint: WebhookEndpoint, { status, error }: Attempt): Promise<AttemptOutcome> {
    const failures = row.failures + 1;
    const wait = status === GONE ? undefined : waitAfter(failures);
    const now = this.clock.now();
    const next = wait === undefined ? { status: DeliveryStatus.Dead, finishedAt: now } : { dueAt: new Date(now.getTime() + wait) };
    this.logger.debug(`Event ${row.eventId} was not delivered to webhook ${endpoint.id} (failure ${failures}): ${error}`);
    await this.db.transaction(async (tx) => {
      await tx.update(WebhookDelivery, mine(row), { failures, history: row.history, ...next });
      await this.health.failed(tx, endpoint, { isGone: status === GONE, isLast: wait === undefined });
    });
    return wait === undefined ? 'dead' : 'retried';
  }
}

/** The row as long as nobody else took it. */
function mine({ id, attempts }: WebhookDelivery) {
  return { id, attempts, status: DeliveryStatus.Waiting };
}
