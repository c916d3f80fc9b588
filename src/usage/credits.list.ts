import type { Listing } from '../platform/lists/listing.js';
import { LedgerEntry, LedgerKind } from './ledger-entry.entity.js';

/** Of one user: the index begins with whose they are. */
export const CREDITS_LIST: Listing<LedgerEntry> = {
  resource: 'credits',
  entity: LedgerEntry,
  sorts: { at: { kind: 'instant' } },
  defaultSort: '-at',
  filters: {
    at: { kind: 'instant' },
    kind: { kind: 'word', words: Object.values(LedgerKind) },
    amount: { kind: 'number' },
    actorKind: { kind: 'text' },
    actorId: { kind: 'text' },
    reference: { kind: 'text' },
  },
};
