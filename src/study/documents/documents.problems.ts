import { Problem } from '../../platform/problems/problem.js';
import type { DocumentState } from './document.entity.js';

/** The owner has this very file already. */
export class DuplicateDocument extends Problem {
  constructor(documentId: string | undefined) {
    const links = documentId === undefined ? {} : { extensions: { documentId, document: `/api/v1/documents/${documentId}` } };
    super('conflict', 'documents.duplicate', 'You have this file already; document leads to it.', links);
  }
}

export class NoFileInForm extends Problem {
  constructor() {
    super('malformed', 'documents.no-file', 'The form has no field called file with a file in it.', { violations: [{ pointer: '/file', code: 'required', detail: 'A file is needed.' }] });
  }
}

/** There is nothing to read again. */
export class TextNotFailed extends Problem {
  constructor(state: DocumentState) {
    const detail = state === 'ready' ? 'Its text is there; a reading begins again only after one that failed.' : 'Its text is being read already.';
    super('conflict', 'documents.text-not-failed', detail, { extensions: { state } });
  }
}

export class BeyondLastPage extends Problem {
  constructor(pages: number) {
    super('rule-broken', 'documents.beyond-last-page', `This document has ${pages} pages.`, { violations: [{ pointer: '/progressPage', code: 'max', detail: `At most ${pages}.` }] });
  }
}
