import type { Listing } from '../../platform/lists/listing.js';
import { Run, RUN_STATUSES } from './run.entity.js';

export const RUNS_LIST: Listing<Run> = {
  resource: 'runs',
  entity: Run,
  sorts: { number: { kind: 'number' } },
  defaultSort: 'number',
  filters: { status: { kind: 'word', words: RUN_STATUSES }, block: { kind: 'number' }, number: { kind: 'number' }, designId: { kind: 'text' } },
};
