import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, LessThanOrEqual } from 'typeorm';
import { Clock } from '../../platform/clock/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { isDatabaseAway } from '../../platform/database/failures.js';
import { Sql } from '../../platform/database/sql.js';
import { Bell } from '../bell.js';
import { DeliveryStatus, WebhookDelivery } from '../webhook-delivery.entity.js';
import { Deliverer } from './deliverer.js';

/** How often to look for what other processes left, or whose wait is over. */
const LOOK_MS = 2000;
const AT_ONCE = 4;
const WITH_WORK = `SELECT id FROM webhook_endpoints WHERE enabled = ? AND EXISTS
  (SELECT 1 FROM webhook_deliveries WHERE endpoint_id = webhook_endpoints.id AND status = '${DeliveryStatus.Waiting}' AND due_at <= ?)`;

interface Lane {
  run: Promise<void>;
  /** Somebody asked again meanwhile: what they know of may have come after the last look. */
  again: boolean;
}

/** Sends what is due, in the background: each endpoint in a lane of its own, so that one that hangs holds up itself alone. */
@Injectable()
export class WebhookSender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Webhooks');
  private readonly lanes = new Map<string, Lane>();
  private timer?: NodeJS.Timeout;
  private stopped = false;

  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly sql: Sql,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly deliverer: Deliverer,
    bell: Bell,
  ) {
    bell.answer(() => this.wake());
  }

  onApplicationBootstrap(): void {
    if (!this.settings.jobsEnabled) return;
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.timer.unref();
  }

  /** Sends what is due now; answers when all of it was tried. */
  async sendDue(): Promise<void> {
    if (this.stopped) return;
    const { rows } = await this.sql.execute(WITH_WORK, [1, this.clock.now()]);
    await Promise.all(rows.map(([id]) => this.drive(id as string)));
  }

  /** Attempts under way get half of the time that a stop may take; what they leave is sent again after its lease. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    const enough = sleep(this.settings.shutdownSeconds * 500, undefined, { ref: false });
    await Promise.race([Promise.allSettled([...this.lanes.values()].map(({ run }) => run)), enough]);
  }

  private wake(): void {
    if (this.settings.jobsEnabled) this.look();
  }

  private look(): void {
    this.sendDue().catch((error: unknown) => {
      if (!isDatabaseAway(error)) this.logger.error(`Webhooks cannot be sent: ${String(error)}`);
    });
  }

  private drive(endpointId: string): Promise<void> {
    const lane = this.lanes.get(endpointId);
    if (lane) {
      lane.again = true;
      return lane.run;
    }
    const fresh: Lane = { run: Promise.resolve(), again: false };
    this.lanes.set(endpointId, fresh);
    return (fresh.run = this.empty(endpointId, fresh).finally(() => this.lanes.delete(endpointId)));
  }

  private async empty(endpointId: string, lane: Lane): Promise<void> {
    while (!this.stopped) {
      lane.again = false;
      const where = { endpointId, status: DeliveryStatus.Waiting, dueAt: LessThanOrEqual(this.clock.now()) };
      const due = await this.db.find(WebhookDelivery, { where, order: { dueAt: 'ASC' }, take: AT_ONCE });
      const goesOn = await Promise.all(due.map((row) => this.deliverer.attempt(row)));
      if (goesOn.includes(false) || (due.length === 0 && !lane.again)) return;
    }
  }
}
