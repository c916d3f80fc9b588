import type { Listing } from '../../platform/lists/listing.js';
import { ExperimentVersion } from './experiment-version.entity.js';

export const VERSIONS_LIST: Listing<ExperimentVersion> = {
  resource: 'versions',
  entity: ExperimentVersion,
  sorts: { number: { kind: 'number' } },
  defaultSort: '-number',
  filters: { number: { kind: 'number' }, authorId: { kind: 'text' }, at: { kind: 'instant' } },
};
