import type { Listing } from '../platform/lists/listing.js';
import { ApiKey } from './api-key.entity.js';

/** A few hundred of a table that may hold a million keys of users: always found by having no owner, sorted without an index. */
export const SERVICE_KEYS_LIST: Listing<ApiKey> = {
  resource: 'service-keys',
  entity: ApiKey,
  sorts: { name: { kind: 'text' }, createdAt: { kind: 'instant' } },
  filters: {
    name: { kind: 'text' },
    hint: { kind: 'text' },
    createdAt: { kind: 'instant' },
    expiresAt: { kind: 'instant' },
    lastUsedAt: { kind: 'instant' },
  },
};
