import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { KeptFile, PersonalData, PersonalFile, PersonalFolder } from './personal-data.js';

const CHUNK_CHARS = 32_768;

/**
 * A ZIP made while it is read: of each file no more than a batch is in memory, and nothing is read from the database
 * until the reader has room. Destroying the stream ends it all.
 */
export function archiveOf(userId: string, { files, folders }: Pick<PersonalData, 'files' | 'folders'>, madeAt: Date): Readable {
  const zip = new ZipFile();
  const archive = zip.outputStream as Readable;
  let current: Readable | undefined;
  const fail = (error: unknown): void => void archive.destroy(error as Error);
  zip.on('error', fail);
  archive.on('close', () => current?.destroy());
  zip.addBuffer(Buffer.from(readmeOf([...files, ...folders], madeAt)), 'README.txt', { mtime: madeAt });
  const give = (stream: Readable, to: (error: unknown, stream: Readable) => void): void => {
    current = stream;
    stream.on('error', fail);
    to(null, stream);
  };
  for (const file of files) {
    zip.addReadStreamLazy(file.path, { mtime: madeAt }, (to) => {
      if (!archive.destroyed) give(Readable.from(inChunks(textOf(file, userId))), to);
    });
  }
  const addKept = (file: KeptFile): void =>
    zip.addReadStreamLazy(file.path, { mtime: madeAt, compress: false }, (to) => {
      if (!archive.destroyed) file.open().then((stream) => (archive.destroyed ? stream.destroy() : give(stream, to)), fail);
    });
  void addAll(folders, userId, addKept).then(() => zip.end(), fail);
  return archive;
}

/** Only what they are called: a file is opened when its turn comes. */
async function addAll(folders: readonly PersonalFolder[], userId: string, add: (file: KeptFile) => void): Promise<void> {
  for (const folder of folders) for await (const file of folder.files(userId)) add(file);
}

async function* textOf(file: PersonalFile, userId: string): AsyncGenerator<string> {
  const isLines = file.path.endsWith('.ndjson');
  let number = 0;
  if (!isLines) yield '[';
  for await (const row of file.rows(userId)) yield isLines ? `${JSON.stringify(row)}\n` : `${number++ === 0 ? '' : ','}\n${JSON.stringify(row)}`;
  if (!isLines) yield '\n]\n';
}

async function* inChunks(texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let chunk = '';
  for await (const text of texts) {
    chunk += text;
    if (chunk.length < CHUNK_CHARS) continue;
    yield Buffer.from(chunk);
    chunk = '';
  }
  yield Buffer.from(chunk);
}

function readmeOf(files: readonly (PersonalFile | PersonalFolder)[], madeAt: Date): string {
  const width = Math.max(...files.map(({ path }) => path.length));
  const list = files.map(({ path, about }) => `${path.padEnd(width)}  ${about}`);
  return ['All that is held about you.', `Made at ${madeAt.toISOString()}; every instant in it is UTC.`, '', ...list, ''].join('\n');
}
