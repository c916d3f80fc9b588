import { comparable } from '../../platform/http/text.js';
import type { Listing } from '../../platform/lists/listing.js';
import { Admin, AdminStatus } from '../admin.entity.js';

/** Few enough to be sorted without an index. */
export const ADMINS_LIST: Listing<Admin> = {
  resource: 'admins',
  entity: Admin,
  sorts: { username: { kind: 'text', property: 'usernameKey' }, status: { kind: 'text' }, createdAt: { kind: 'instant' }, updatedAt: { kind: 'instant' } },
  filters: {
    username: { kind: 'text', property: 'usernameKey', fold: comparable },
    status: { kind: 'word', words: Object.values(AdminStatus) },
    createdAt: { kind: 'instant' },
    updatedAt: { kind: 'instant' },
  },
  search: { properties: ['usernameKey'], fold: comparable },
};
