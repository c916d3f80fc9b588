import type { Listing } from '../../platform/lists/listing.js';
import { Prediction } from './prediction.entity.js';

export const PREDICTIONS_LIST: Listing<Prediction> = {
  resource: 'predictions',
  entity: Prediction,
  sorts: {},
  defaultSort: 'id',
  filters: { createdAt: { kind: 'instant' } },
};
