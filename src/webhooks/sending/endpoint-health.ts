import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, SYSTEM } from '../../audit/audit.service.js';
import { Clock } from '../../platform/clock/clock.js';
import { Settings } from '../../platform/config/settings.js';
import { afterCommit } from '../../platform/database/commit-hooks.js';
import { EntityTransaction } from '../../platform/database/entity-transaction.js';
import type { SqlValue } from '../../platform/database/sql.js';
import { Events } from '../events.js';
import { DisabledFor, type WebhookEndpoint } from '../webhook-endpoint.entity.js';

const DAY_MS = 86_400_000;
// None of these goes through the entity: what attempts note must not look like somebody's edit, to whom `If-Match` would refuse theirs.
const RECOVERED = 'UPDATE webhook_endpoints SET failing_since = NULL WHERE id = ? AND failing_since IS NOT NULL';
const FAILING = 'UPDATE webhook_endpoints SET failing_since = ? WHERE id = ? AND failing_since IS NULL';
const DISABLE = 'UPDATE webhook_endpoints SET enabled = 0, disabled_for = ?, disabled_at = ?, updated_at = ?, version = version + 1 WHERE id = ? AND enabled = 1';

/** Whether an endpoint works; one that is gone, or has taken nothing for days, is disabled. */
@Injectable()
export class EndpointHealth {
  private readonly logger = new Logger('Webhooks');

  constructor(
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly events: Events,
    private readonly audit: AuditService,
  ) {}

  async succeeded(tx: EntityManager, endpointId: string): Promise<void> {
    await new EntityTransaction(tx).execute(RECOVERED, [endpointId]);
  }

  /** @param isLast every attempt of a delivery has failed: only then it is asked for how long nothing has worked */
  async failed(tx: EntityManager, endpoint: WebhookEndpoint, { isGone, isLast }: { isGone: boolean; isLast: boolean }): Promise<void> {
    const now = this.clock.now();
    await new EntityTransaction(tx).execute(FAILING, [now, endpoint.id]);
    if (isGone) return this.disable(tx, endpoint, DisabledFor.Gone);
    const patience = new Date(now.getTime() - this.settings.webhookFailureDays * DAY_MS);
    if (isLast) await this.disable(tx, endpoint, DisabledFor.Failing, { sql: ' AND failing_since <= ?', values: [patience] });
  }

  private async disable(tx: EntityManager, { id }: WebhookEndpoint, reason: DisabledFor, only: { sql: string; values: readonly SqlValue[] } = { sql: '', values: [] }): Promise<void> {
    const now = this.clock.now();
    const { affected } = await new EntityTransaction(tx).execute(`${DISABLE}${only.sql}`, [reason, now, now, id, ...only.values]);
    if (affected !== 1) return;
    await this.audit.record(tx, SYSTEM, 'webhooks.disable', id, { after: { disabledFor: reason } });
    await this.events.emit(tx, { type: 'webhook.disabled', userId: null, data: { webhookId: id, reason } });
    afterCommit(tx, () => this.logger.warn(`Webhook ${id} was disabled: ${reason === DisabledFor.Gone ? 'it answered 410 Gone' : `it has taken nothing for ${this.settings.webhookFailureDays} days`}. What it misses waits for it.`));
  }
}
