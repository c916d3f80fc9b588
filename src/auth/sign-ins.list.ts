import type { Listing } from '../platform/lists/listing.js';
import { LoginAudit } from './login-audit.entity.js';

/** Newest first. Every filter has an index that goes on in that order; only a prefix is sorted after it was found. */
export const SIGN_INS_LIST: Listing<LoginAudit> = {
  resource: 'sign-ins',
  entity: LoginAudit,
  sorts: { at: { kind: 'instant' } },
  defaultSort: '-at',
  filters: {
    at: { kind: 'instant' },
    kind: { kind: 'word', words: ['user', 'staff', 'admin'] },
    principalId: { kind: 'text' },
    login: { kind: 'text', property: 'username' },
    ip: { kind: 'text' },
    ok: { kind: 'flag' },
    reason: { kind: 'text' },
  },
  search: { properties: ['username'] },
};
