import { Problem } from '../../platform/problems/problem.js';

/** The storage did not do what it was asked for. */
export class StorageAway extends Problem {
  constructor(cause: unknown) {
    super('unavailable', 'documents.storage-away', 'The storage of documents does not answer at the moment; try again shortly.', { retryAfterSeconds: 5, cause });
  }
}

/** A document has a file that the storage does not have. Waiting does not help. */
export class FileMissing extends Problem {
  constructor() {
    super('gone', 'documents.file-missing', 'The file of this document is lost; all else that is known of the document is there. Send the file again with PUT /documents/{id}/file.');
  }
}

export class QuotaExceeded extends Problem {
  constructor(quota: number, used: number, isDeclared: boolean) {
    const advice = isDeclared ? 'Delete documents to make room.' : 'Without Content-Length the largest possible file is counted; send it.';
    super('rule-broken', 'documents.quota', `Your documents would take more than the ${quota} bytes that you may keep; ${used} are taken or reserved. ${advice}`, { extensions: { quotaBytes: quota, usedBytes: used } });
  }
}

export class FileTooLarge extends Problem {
  constructor(most: number) {
    super('too-large', 'documents.too-large', `A document may have at most ${most} bytes (DOCUMENT_MAX_BYTES).`, { extensions: { maxBytes: most } });
  }
}

/** It arrived so slowly that its reservation was taken back. */
export class UploadExpired extends Problem {
  constructor() {
    super('conflict', 'documents.upload-expired', 'The upload took too long and was given up; send the file again.');
  }
}
