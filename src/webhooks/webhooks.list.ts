import type { Listing } from '../platform/lists/listing.js';
import { DeliveryStatus, WebhookDelivery } from './webhook-delivery.entity.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';

/** Some tens of rows: sorted without an index. */
export const WEBHOOKS_LIST: Listing<WebhookEndpoint> = {
  resource: 'webhooks',
  entity: WebhookEndpoint,
  sorts: { url: { kind: 'text' }, createdAt: { kind: 'instant' }, updatedAt: { kind: 'instant' } },
  filters: { url: { kind: 'text' }, enabled: { kind: 'flag' }, createdAt: { kind: 'instant' }, createdBy: { kind: 'text' } },
  search: { properties: ['url', 'description'] },
};

/** Of one webhook. */
export const DELIVERIES_LIST: Listing<WebhookDelivery> = {
  resource: 'deliveries',
  entity: WebhookDelivery,
  sorts: {},
  defaultSort: '-id',
  filters: {
    status: { kind: 'word', words: Object.values(DeliveryStatus) },
    type: { kind: 'text' },
    eventId: { kind: 'text' },
    createdAt: { kind: 'instant' },
  },
};
