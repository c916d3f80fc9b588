import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { EntityManager } from 'typeorm';
import type { Actor } from '../access/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../platform/clock/clock.js';
import { insertRow } from '../platform/database/insert-row.js';
import { rowLock } from '../platform/database/row-lock.js';
import { Idempotency } from '../platform/idempotency/idempotency.js';
import type { IdempotentRequest } from '../platform/idempotency/idempotent-request.js';
import { type ListPage, Lists } from '../platform/lists/lists.js';
import type { Wanted } from '../platform/lists/wanted.js';
import { NotFound, StaleVersion, ValidationFailed } from '../platform/problems/problems.js';
import { Bell } from './bell.js';
import type { EventType } from './event-types.js';
import { TargetRefused, Targets } from './target/targets.js';
import { DisabledFor, WebhookEndpoint } from './webhook-endpoint.entity.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { WEBHOOKS_LIST } from './webhooks.list.js';
import { TooManyWebhooks } from './webhooks.problems.js';

const MOST = 50;

export interface WebhookTerms {
  readonly url?: string;
  readonly description?: string | null;
  readonly eventTypes?: EventType[] | null;
  readonly enabled?: boolean;
}

/** An endpoint with its new secret, which is told once. */
export interface Told {
  readonly endpoint: WebhookEndpoint;
  readonly secret: string;
}

/** The endpoints that are told of events, as admins keep them. */
@Injectable()
export class WebhooksService {
  constructor(
    @InjectEntityManager() private readonly db: EntityManager,
    private readonly idempotency: Idempotency,
    private readonly targets: Targets,
    private readonly secrets: WebhookSecrets,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly lists: Lists,
    private readonly bell: Bell,
  ) {}

  list(wanted: Wanted): Promise<ListPage<WebhookEndpoint>> {
    return this.lists.page(WEBHOOKS_LIST, wanted);
  }

  async get(id: string): Promise<WebhookEndpoint> {
    const endpoint = await this.db.findOneBy(WebhookEndpoint, { id });
    if (!endpoint) throw new NotFound('webhook');
    return endpoint;
  }

  async create<T extends object>(actor: Actor, terms: WebhookTerms & { url: string }, answer: (told: Told) => T, repeat?: IdempotentRequest): Promise<T> {
    await this.demandTarget(terms.url);
    return this.idempotency.inTransaction(repeat, async (tx) => {
      const others = await tx.find(WebhookEndpoint, { select: { id: true }, order: { id: 'ASC' }, lock: rowLock(tx) });
      if (others.length >= MOST) throw new TooManyWebhooks(MOST);
      const now = this.clock.now();
      const endpoint = Object.assign(new WebhookEndpoint(), { createdAt: now, updatedAt: now, createdBy: actor.id, version: 1 });
      this.apply(endpoint, terms);
      const { secret, sealed } = this.secrets.make(endpoint.id);
      endpoint.sealedSecret = sealed;
      await insertRow(tx, WebhookEndpoint, endpoint);
      await this.audit.record(tx, actor, 'webhooks.create', endpoint.id, { after: termsOf(endpoint) });
      return answer({ endpoint, secret });
    });
  }

  async update(actor: Actor, id: string, change: WebhookTerms, ifVersion?: number): Promise<WebhookEndpoint> {
    const { url } = await this.get(id);
    if (change.url !== undefined && change.url !== url) await this.demandTarget(change.url);
    const changed = await this.db.transaction(async (tx) => {
      const endpoint = await this.hold(tx, id, ifVersion);
      const before = termsOf(endpoint);
      this.apply(endpoint, change);
      endpoint.updatedAt = this.clock.now();
      await this.audit.record(tx, actor, 'webhooks.update', id, { before, after: termsOf(endpoint) });
      return tx.save(endpoint);
    });
    this.bell.ring();
    return changed;
  }

  remove(actor: Actor, id: string, ifVersion?: number): Promise<WebhookEndpoint> {
    return this.db.transaction(async (tx) => {
      const endpoint = await this.hold(tx, id, ifVersion);
      await tx.delete(WebhookEndpoint, { id });
      await this.audit.record(tx, actor, 'webhooks.delete', id, { before: termsOf(endpoint) });
      return endpoint;
    });
  }

  /** A new secret; until the overlap is over messages carry the signatures of both. */
  rotateSecret<T extends object>(actor: Actor, id: string, overlapSeconds: number, answer: (told: Told) => T, repeat?: IdempotentRequest): Promise<T> {
    return this.idempotency.inTransaction(repeat, async (tx) => {
      const endpoint = await this.hold(tx, id);
      const { secret, sealed } = this.secrets.make(id);
      endpoint.rotate(sealed, new Date(this.clock.millis() + overlapSeconds * 1000));
      endpoint.updatedAt = this.clock.now();
      await this.audit.record(tx, actor, 'webhooks.rotate-secret', id, { after: { overlapSeconds } });
      return answer({ endpoint: await tx.save(endpoint), secret });
    });
  }

  private apply(endpoint: WebhookEndpoint, { url, description, eventTypes, enabled }: WebhookTerms): void {
    if (url !== undefined) endpoint.url = url;
    if (description !== undefined) endpoint.description = description;
    if (eventTypes !== undefined) endpoint.eventTypes = eventTypes;
    if (enabled === true && !endpoint.enabled) endpoint.enable();
    if (enabled === false) endpoint.disable(DisabledFor.Asked, this.clock.now());
  }

  private async hold(tx: EntityManager, id: string, ifVersion?: number): Promise<WebhookEndpoint> {
    const endpoint = await tx.findOne(WebhookEndpoint, { where: { id }, lock: rowLock(tx) });
    if (!endpoint) throw new NotFound('webhook');
    if (ifVersion !== undefined && ifVersion !== endpoint.version) throw new StaleVersion(endpoint.version);
    return endpoint;
  }

  private async demandTarget(url: string): Promise<void> {
    try {
      await this.targets.demandAllowed(url);
    } catch (error) {
      if (!(error instanceof TargetRefused)) throw error;
      throw new ValidationFailed([{ pointer: '/url', code: 'target', detail: `url ${error.message}.` }]);
    }
  }
}

/** Of the address only where it is: paths of webhooks are often secrets of their receivers. */
function termsOf({ url, description, eventTypes, enabled }: WebhookEndpoint): Record<string, unknown> {
  return { origin: new URL(url).origin, description, eventTypes, enabled };
}
