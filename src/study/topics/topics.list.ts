import { comparable } from '../../platform/http/text.js';
import type { Listing } from '../../platform/lists/listing.js';
import { Topic } from './topic.entity.js';

export const TOPICS_LIST: Listing<Topic> = {
  resource: 'topics',
  entity: Topic,
  sorts: { position: { kind: 'number' }, name: { kind: 'text', property: 'nameKey' }, createdAt: { kind: 'instant' }, updatedAt: { kind: 'instant' } },
  defaultSort: 'position',
  filters: {
    parentId: { kind: 'text' },
    level: { kind: 'decided', words: ['top', 'nested'], where: (word) => ({ sql: word === 'top' ? 'parent_id IS NULL' : 'parent_id IS NOT NULL', values: [] }) },
    name: { kind: 'text', property: 'nameKey', fold: comparable },
    createdAt: { kind: 'instant' },
    updatedAt: { kind: 'instant' },
  },
  search: { properties: ['nameKey'], fold: comparable },
};
