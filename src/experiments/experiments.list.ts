import { comparable } from '../platform/http/text.js';
import type { Listing } from '../platform/lists/listing.js';
import { Experiment, EXPERIMENT_STATUSES, EXPERIMENT_TYPES } from './experiment.entity.js';

export const EXPERIMENTS_LIST: Listing<Experiment> = {
  resource: 'experiments',
  entity: Experiment,
  sorts: { updatedAt: { kind: 'instant' }, createdAt: { kind: 'instant' }, title: { kind: 'text', property: 'titleKey' } },
  defaultSort: '-updatedAt',
  filters: {
    status: { kind: 'word', words: EXPERIMENT_STATUSES },
    type: { kind: 'word', words: EXPERIMENT_TYPES },
    title: { kind: 'text', property: 'titleKey', fold: comparable },
    createdAt: { kind: 'instant' },
    updatedAt: { kind: 'instant' },
  },
  search: { properties: ['titleKey'], fold: comparable },
};
