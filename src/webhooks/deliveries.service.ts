import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager, In, Not } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../platform/clock/clock.js';
import { Sql, type SqlValue } from '../platform/database/sql.js';
import { type ListPage, Lists } from '../platform/lists/lists.js';
import type { Wanted } from '../platform/lists/wanted.js';
import { NotFound } from '../platform/problems/problems.js';
import { Bell } from './bell.js';
import { Events } from './events.js';
import { DeliveryStatus, WebhookDelivery } from './webhook-delivery.entity.js';
import { DELIVERIES_LIST } from './webhooks.list.js';
import { DeliveryWaits } from './webhooks.problems.js';
import { WebhooksService } from './webhooks.service.js';

const AT_ONCE = 500;

/** Which deliveries are sent again. */
export interface ReplayTerms {
  readonly statuses: readonly DeliveryStatus[];
  readonly since?: Date;
}

/** What became of the events of one webhook, and sends them again. */
@Injectable()
export class DeliveriesService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly sql: Sql,
    private readonly webhooks: WebhooksService,
    private readonly events: Events,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly lists: Lists,
    private readonly bell: Bell,
  ) {}

  async list(endpointId: string, wanted: Wanted): Promise<ListPage<WebhookDelivery>> {
    await this.webhooks.get(endpointId);
    return this.lists.page(DELIVERIES_LIST, wanted, { sql: 'endpoint_id = ?', values: [endpointId] });
  }

  async get(endpointId: string, id: string): Promise<WebhookDelivery> {
    await this.webhooks.get(endpointId);
    const delivery = await this.db.findOneBy(WebhookDelivery, { id, endpointId });
    if (!delivery) throw new NotFound('delivery');
    return delivery;
  }

  /** Sends this endpoint an event that says nothing, whatever it is subscribed to. */
  async test(actor: Actor, endpointId: string): Promise<WebhookDelivery> {
    await this.webhooks.get(endpointId);
    const id = await this.db.transaction(async (tx) => {
      await this.audit.record(tx, actor, 'webhooks.test', endpointId);
      return this.events.emitTo(tx, endpointId, { type: 'webhook.test', userId: null, data: { webhookId: endpointId } });
    });
    return this.get(endpointId, id);
  }

  async replay(actor: Actor, endpointId: string, id: string): Promise<WebhookDelivery> {
    await this.get(endpointId, id);
    await this.db.transaction(async (tx) => {
      const { affected } = await tx.update(WebhookDelivery, { id, status: Not(DeliveryStatus.Waiting) }, this.anew());
      if (affected !== 1) throw new DeliveryWaits();
      await this.audit.record(tx, actor, 'webhooks.replay', endpointId, { after: { delivery: id } });
    });
    this.bell.ring();
    return this.get(endpointId, id);
  }

  /** In portions, each of which stands alone; answers how many deliveries it was. */
  async replayAll(actor: Actor, endpointId: string, { statuses, since = new Date(0) }: ReplayTerms): Promise<number> {
    await this.webhooks.get(endpointId);
    // What is sent and fails while this goes on is left for another time.
    const until = this.clock.now();
    let replayed = 0;
    for (const status of statuses) {
      for (let ids: string[]; (ids = await this.finished(endpointId, status, since, until)).length > 0; ) {
        replayed += (await this.db.update(WebhookDelivery, { id: In(ids), status }, this.anew())).affected ?? 0;
      }
    }
    await this.audit.record(this.db, actor, 'webhooks.replay', endpointId, { after: { statuses, since, replayed } });
    this.bell.ring();
    return replayed;
  }

  /** Some of them. `due_at` lies behind `created_at` and has an index, which keeps the statement short among millions. */
  private async finished(endpointId: string, status: DeliveryStatus, since: Date, until: Date): Promise<string[]> {
    const values: SqlValue[] = [endpointId, status, since, since, until];
    const { rows } = await this.sql.execute(`SELECT id FROM webhook_deliveries WHERE endpoint_id = ? AND status = ? AND due_at >= ? AND created_at >= ? AND finished_at <= ? LIMIT ${AT_ONCE}`, values);
    return rows.map(([id]) => id as string);
  }

  private anew(): Pick<WebhookDelivery, 'status' | 'failures' | 'dueAt' | 'finishedAt'> {
    return { status: DeliveryStatus.Waiting, failures: 0, dueAt: this.clock.now(), finishedAt: null };
  }
}
