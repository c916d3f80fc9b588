import type { Readable } from 'node:stream';
import { Problem } from '../problems/problem.js';

/** One field of a form. Its content must be read to its end before the next part. */
export interface FormPart {
  readonly name: string;
  /** What the sender calls the file; absent from fields that are none. */
  readonly fileName: string | undefined;
  readonly content: AsyncGenerator<Buffer>;
}

const LARGEST_HEADER = 16 * 1024;
const MOST_PARTS = 20;
const BLANK_LINE = Buffer.from('\r\n\r\n');

/** The boundary that a content type names. */
export function boundaryOf(contentType: string | undefined): string {
  const [, quoted, plain] = /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType ?? '') ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw new NoForm();
  return boundary;
}

/** The parts of multipart/form-data as they arrive. Not more than a chunk is held, and nothing is read that nobody asks for. */
export async function* partsOf(body: Readable, boundary: string): AsyncGenerator<FormPart> {
  const reader = new FormReader(body, boundary);
  try {
    await reader.begin();
    for (let parts = 0; await reader.hasPart(); parts += 1) {
      if (parts === MOST_PARTS) throw new BrokenForm(`A form has ${MOST_PARTS} fields at most.`);
      yield { ...namesOf(await reader.header()), content: reader.upToBoundary() };
    }
  } finally {
    await reader.letGo();
  }
}

/** A field that is no file, as text. */
export async function textOf({ name, content }: FormPart, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new BrokenForm(`The field ${name.slice(0, 64)} is too long.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

class FormReader {
  private readonly chunks: AsyncIterator<Buffer>;
  private readonly delimiter: Buffer;
  /** What was read and not yet given on. The first boundary has no line before it, so one is put there. */
  private held: Buffer = Buffer.from('\r\n');

  constructor(body: Readable, boundary: string) {
    this.chunks = (body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    this.delimiter = Buffer.from(`\r\n--${boundary}`);
  }

  /** Behind a boundary: whether another part follows. */
  async hasPart(): Promise<boolean> {
    while (this.held.length < 2) await this.more();
    const next = this.take(2).toString('latin1');
    if (next !== '\r\n' && next !== '--') throw new BrokenForm('Something other than a line end follows a boundary.');
    return next === '\r\n';
  }

  async header(): Promise<string> {
    for (;;) {
      const end = this.held.indexOf(BLANK_LINE);
      if (end > LARGEST_HEADER || (end < 0 && this.held.length > LARGEST_HEADER)) throw new BrokenForm('The header of a field is too long.');
      if (end >= 0) return this.take(end + BLANK_LINE.length).toString();
      await this.more();
    }
  }

  async *upToBoundary(): AsyncGenerator<Buffer> {
    for (;;) {
      const end = this.held.indexOf(this.delimiter);
      // The last bytes may be the beginning of a boundary.
      const sure = end >= 0 ? end : this.held.length - this.delimiter.length + 1;
      const content = sure > 0 ? this.take(sure) : undefined;
      if (end >= 0) this.take(this.delimiter.length);
      if (content) yield content;
      if (end >= 0) return;
      await this.more();
    }
  }

  /** What stands before the first boundary means nothing. */
  async begin(): Promise<void> {
    let bytes = 0;
    for await (const chunk of this.upToBoundary()) {
      bytes += chunk.length;
      if (bytes > LARGEST_HEADER) throw new BrokenForm('The form does not begin with its boundary.');
    }
  }

  async letGo(): Promise<void> {
    await this.chunks.return?.();
  }

  private take(bytes: number): Buffer {
    const taken = this.held.subarray(0, bytes);
    this.held = this.held.subarray(bytes);
    return taken;
  }

  private async more(): Promise<void> {
    const next = await this.chunks.next().catch((cause: unknown) => {
      throw new UploadBrokenOff(cause);
    });
    if (next.done) throw new BrokenForm('The form ends in the middle.');
    this.held = this.held.length === 0 ? next.value : Buffer.concat([this.held, next.value]);
  }
}

function namesOf(header: string): Pick<FormPart, 'name' | 'fileName'> {
  const [, disposition] = /(?:^|\r\n)content-disposition:\s*form-data\s*;([^\r\n]*)/i.exec(header) ?? [];
  const parameters = new Map([...(disposition ?? '').matchAll(/([\w*]+)=(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/g)].map(([, name, quoted, plain]) => [name!.toLowerCase(), unquoted(quoted) ?? plain!]));
  const name = parameters.get('name');
  if (name === undefined) throw new BrokenForm('A field of the form has no name.');
  return { name, fileName: decoded(parameters.get('filename*')) ?? parameters.get('filename') };
}

/** Browsers write a quote as %22, curl behind a backslash; other backslashes are parts of paths. */
function unquoted(text: string | undefined): string | undefined {
  return text?.replaceAll('\\"', '"').replaceAll('%22', '"');
}

function decoded(text: string | undefined): string | undefined {
  const [, encoded] = /^utf-8'[^']*'(.*)$/i.exec(text ?? '') ?? [];
  try {
    return encoded === undefined ? undefined : decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

export class NoForm extends Problem {
  constructor() {
    super('unsupported-media-type', 'request.no-form', 'Send a form as multipart/form-data.');
  }
}

export class BrokenForm extends Problem {
  constructor(detail: string) {
    super('malformed', 'request.malformed-form', detail);
  }
}

/** Its sender is gone: nobody reads the answer. */
class UploadBrokenOff extends Problem {
  constructor(cause: unknown) {
    super('malformed', 'request.broken-off', 'The upload was broken off.', { cause });
  }
}
