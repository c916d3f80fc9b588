import { Problem } from '../problems/problem.js';

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
  /** @param setting where the limit can be raised */
  constructor(bytes: number, setting?: string) {
    super('too-large', 'imports.too-large', `A file may have at most ${bytes} bytes${setting ? ` (${setting})` : ''}; cut it into several.`);
  }
}

export class NoFile extends Problem {
  constructor(mediaTypes: readonly string[]) {
    super('unsupported-media-type', 'imports.no-file', `Send the file itself as the body, as ${mediaTypes.join(' or ')}.`);
  }
}
