import type { Listing } from '../platform/lists/listing.js';
import { Plan } from './plan.entity.js';

/** A few dozen rows: sorted without an index. */
export const PLANS_LIST: Listing<Plan> = {
  resource: 'plans',
  entity: Plan,
  sorts: { name: { kind: 'text' }, creditsPerMonth: { kind: 'number' }, createdAt: { kind: 'instant' }, updatedAt: { kind: 'instant' } },
  defaultSort: 'name',
  filters: {
    name: { kind: 'text' },
    isDefault: { kind: 'flag' },
    conversationsPerDay: { kind: 'number' },
    creditsPerMonth: { kind: 'number' },
    createdAt: { kind: 'instant' },
  },
  search: { properties: ['name'] },
};
