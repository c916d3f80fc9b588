import type { Listing } from '../../platform/lists/listing.js';
import { Result } from './result.entity.js';

export const RESULTS_LIST: Listing<Result> = {
  resource: 'results',
  entity: Result,
  sorts: { createdAt: { kind: 'instant' } },
  defaultSort: 'id',
  filters: { runId: { kind: 'text' }, responseId: { kind: 'text' }, createdAt: { kind: 'instant' } },
};
