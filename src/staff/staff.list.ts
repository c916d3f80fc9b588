import { comparable } from '../platform/http/text.js';
import type { Listing } from '../platform/lists/listing.js';
import { StaffMember } from './staff-member.entity.js';
import { StaffStatus } from './staff-status.js';

/** Few enough to be sorted without an index. */
export const STAFF_LIST: Listing<StaffMember> = {
  resource: 'staff',
  entity: StaffMember,
  sorts: {
    username: { kind: 'text', property: 'usernameKey' },
    email: { kind: 'text', property: 'emailKey' },
    level: { kind: 'number' },
    status: { kind: 'text' },
    createdAt: { kind: 'instant' },
    updatedAt: { kind: 'instant' },
  },
  filters: {
    username: { kind: 'text', property: 'usernameKey', fold: comparable },
    email: { kind: 'text', property: 'emailKey', fold: comparable },
    name: { kind: 'text' },
    level: { kind: 'number' },
    status: { kind: 'word', words: Object.values(StaffStatus) },
    createdAt: { kind: 'instant' },
    updatedAt: { kind: 'instant' },
  },
  search: { properties: ['usernameKey', 'emailKey'], fold: comparable },
};
