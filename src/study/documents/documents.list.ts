import { comparable } from '../../platform/http/text.js';
import type { Listing } from '../../platform/lists/listing.js';
import { Document, DOCUMENT_STATES } from './document.entity.js';

export const DOCUMENTS_LIST: Listing<Document> = {
  resource: 'documents',
  entity: Document,
  sorts: { updatedAt: { kind: 'instant' }, createdAt: { kind: 'instant' }, title: { kind: 'text', property: 'titleKey' } },
  defaultSort: '-updatedAt',
  filters: {
    topicId: { kind: 'text' },
    state: { kind: 'word', words: DOCUMENT_STATES },
    title: { kind: 'text', property: 'titleKey', fold: comparable },
    sha256: { kind: 'text' },
    pages: { kind: 'number' },
    bytes: { kind: 'number' },
    createdAt: { kind: 'instant' },
    updatedAt: { kind: 'instant' },
  },
  search: { properties: ['titleKey'], fold: comparable },
};
