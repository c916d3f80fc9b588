import type { Listing } from '../../platform/lists/listing.js';
import { IpRule } from './ip-rule.entity.js';

/** A few hundred rows at most: sorted without an index. */
export const IP_RULES_LIST: Listing<IpRule> = {
  resource: 'ip-rules',
  entity: IpRule,
  sorts: { cidr: { kind: 'text' }, appliesTo: { kind: 'text' }, mode: { kind: 'text' }, createdAt: { kind: 'instant' }, updatedAt: { kind: 'instant' } },
  filters: {
    cidr: { kind: 'text' },
    appliesTo: { kind: 'word', words: ['admin', 'staff', 'all'] },
    mode: { kind: 'word', words: ['enforce', 'report'] },
    createdAt: { kind: 'instant' },
    createdBy: { kind: 'text' },
  },
  search: { properties: ['cidr', 'note'] },
};
