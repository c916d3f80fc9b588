import { Problem } from '../../platform/problems/problem.js';

/** Nothing behind this line can be read for what it is. */
export class UnreadableFile extends Problem {
  constructor(
    readonly line: number,
    detail: string,
    soFar?: Record<string, unknown>,
  ) {
    super('malformed', 'imports.unreadable-file', detail, { extensions: { line, ...(soFar ? { import: soFar } : {}) } });
  }

  /** With what has been dealt with before that line. */
  after(soFar: object): UnreadableFile {
    return new UnreadableFile(this.line, `${this.detail} The rows before it have been dealt with.`, { ...soFar });
  }
}

export class FileTooLarge extends Problem {
  constructor(bytes: number) {
    super('too-large', 'imports.too-large', `A file may have at most ${bytes} bytes (IMPORT_MAX_BYTES); cut it into several.`);
  }
}

export class NoFile extends Problem {
  constructor() {
    super('unsupported-media-type', 'imports.no-file', 'Send the file itself as the body, as text/csv or application/x-ndjson.');
  }
}

export class OtherFile extends Problem {
  constructor() {
    super('conflict', 'imports.other-file', 'This key belongs to the import of another file; choose a new one.');
  }
}

export class ImportGoesOn extends Problem {
  constructor() {
    super('conflict', 'imports.goes-on', 'This import goes on in another request or command.');
  }
}

export class ImportStopped extends Problem {
  constructor() {
    super('unavailable', 'imports.stopped', 'The service stops; send the same file with the same key again to go on.', { retryAfterSeconds: 10 });
  }
}
