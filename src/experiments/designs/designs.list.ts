import type { Listing } from '../../platform/lists/listing.js';
import { DESIGN_KINDS } from '../design/plan.js';
import { Design } from './design.entity.js';

export const DESIGNS_LIST: Listing<Design> = {
  resource: 'designs',
  entity: Design,
  sorts: {},
  defaultSort: 'id',
  filters: { kind: { kind: 'word', words: DESIGN_KINDS } },
};
