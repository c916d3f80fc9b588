import type { Listing } from '../../platform/lists/listing.js';
import { Computation, COMPUTATION_KINDS, COMPUTATION_STATES } from './computation.entity.js';

export const COMPUTATIONS_LIST: Listing<Computation> = {
  resource: 'computations',
  entity: Computation,
  sorts: {},
  defaultSort: '-id',
  filters: { kind: { kind: 'word', words: COMPUTATION_KINDS }, state: { kind: 'word', words: COMPUTATION_STATES }, createdBy: { kind: 'text' } },
};
