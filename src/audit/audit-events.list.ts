import type { Listing } from '../platform/lists/listing.js';
import { AuditEvent } from './audit-event.entity.js';

/** Newest first. Every filter has an index that goes on in that order, so that it costs the same among millions. */
export const AUDIT_EVENTS_LIST: Listing<AuditEvent> = {
  resource: 'audit-events',
  entity: AuditEvent,
  sorts: { at: { kind: 'instant' } },
  defaultSort: '-at',
  filters: {
    at: { kind: 'instant' },
    actorKind: { kind: 'word', words: ['user', 'staff', 'admin', 'service', 'system'] },
    actorId: { kind: 'text' },
    onBehalfOf: { kind: 'text' },
    action: { kind: 'text' },
    targetId: { kind: 'text' },
    requestId: { kind: 'text' },
    ip: { kind: 'text' },
  },
};
