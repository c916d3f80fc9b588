import { Problem } from '../../../platform/problems/problem.js';

export class NoPdf extends Problem {
  constructor() {
    super('rule-broken', 'documents.no-pdf', 'This is no PDF, whatever it is called.', { violations: [{ pointer: '/file', code: 'no-pdf', detail: 'This is no PDF.' }] });
  }
}

export class EncryptedPdf extends Problem {
  constructor() {
    super('rule-broken', 'documents.encrypted', 'This PDF is encrypted; take its password off and send it again.', { violations: [{ pointer: '/file', code: 'encrypted', detail: 'This PDF is encrypted.' }] });
  }
}

export class UnreadablePdf extends Problem {
  constructor(cause?: unknown) {
    super('rule-broken', 'documents.unreadable', 'This PDF is damaged or cut off and cannot be opened.', { violations: [{ pointer: '/file', code: 'unreadable', detail: 'This PDF cannot be opened.' }], cause });
  }
}

export class TooManyPages extends Problem {
  constructor(most: number) {
    super('rule-broken', 'documents.too-many-pages', `A document has ${most} pages at most.`, { violations: [{ pointer: '/file', code: 'too-many-pages', detail: `More than ${most} pages.` }] });
  }
}
