import type { Listing } from '../../platform/lists/listing.js';
import { SESSION_KINDS, SESSION_ORIGINS, SESSION_STATUSES, StudySession } from './study-session.entity.js';

export const STUDY_SESSIONS_LIST: Listing<StudySession> = {
  resource: 'study-sessions',
  entity: StudySession,
  sorts: { startedAt: { kind: 'instant' } },
  defaultSort: '-startedAt',
  filters: {
    documentId: { kind: 'text' },
    kind: { kind: 'word', words: SESSION_KINDS },
    origin: { kind: 'word', words: SESSION_ORIGINS },
    status: { kind: 'word', words: SESSION_STATUSES },
    startedAt: { kind: 'instant' },
  },
};
