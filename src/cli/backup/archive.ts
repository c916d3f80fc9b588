import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { linesOf } from '../lines.js';
import { CommandFailed } from '../output.js';

/*
 * A backup is one gzip file of JSON lines, the same whichever engine it came from: the header, for each table a line
 * with its columns followed by a line a row, and a closing line without which the file counts as torn.
 */

const FORMAT = 1;

export interface BackupHeader {
  readonly provost: 'backup';
  readonly format: number;
  readonly version: string;
  readonly createdAt: string;
  readonly engine: string;
  /** The migrations it has, oldest first, without the time stamps that differ between engines. */
  readonly schema: readonly string[];
  /** The id of the current master key: tells before a restore whether text could be read, and nothing about the key. */
  readonly keyCheck: string;
  /** Ids of older master keys that may wrap some of it. */
  readonly olderKeys: readonly string[];
  readonly rows: number;
  /** The files of DATA_DIR/keys; keys that settings give are not among them. */
  readonly keys: Readonly<Record<string, string>>;
}

export interface TableLine {
  readonly table: string;
  readonly columns: readonly string[];
}

export type BackupValue = string | number | null;
export type BackupLine = TableLine | BackupValue[];

/** Writes beside the file and renames at the end, so that a backup that failed never looks like one. */
export async function writeArchive(path: string, header: Omit<BackupHeader, 'provost' | 'format'>, lines: AsyncIterable<BackupLine>): Promise<void> {
  const draft = `${path}.partial`;
  await rm(draft, { force: true });
  try {
    const text = Readable.from(textOf({ provost: 'backup', format: FORMAT, ...header }, lines), { objectMode: false });
    await pipeline(text, createGzip({ level: 6 }), createWriteStream(draft, { mode: 0o600, flags: 'wx', flush: true }));
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

async function* textOf(header: BackupHeader, lines: AsyncIterable<BackupLine>): AsyncGenerator<string> {
  yield `${JSON.stringify(header)}\n`;
  let rows = 0;
  for await (const line of lines) {
    if (Array.isArray(line)) rows += 1;
    yield `${JSON.stringify(line)}\n`;
  }
  yield `${JSON.stringify({ end: true, rows })}\n`;
}

export async function readHeader(path: string): Promise<BackupHeader> {
  const stream = openArchive(path);
  try {
    for await (const line of linesOf(stream)) return headerOf(line, path);
    throw new CommandFailed(`${path} is empty.`);
  } catch (error) {
    throw unreadable(error, path);
  } finally {
    stream.destroy();
  }
}

/** Everything after the header. Throws at the end when the closing line is missing or counts other rows. */
export async function* readArchive(path: string): AsyncGenerator<BackupLine> {
  let rows = 0;
  let closed = false;
  let first = true;
  try {
    for await (const line of linesOf(openArchive(path))) {
      const parsed = JSON.parse(line) as BackupLine | { end: true; rows: number };
      if (Array.isArray(parsed)) rows += 1;
      if ('end' in parsed) closed = parsed.rows === rows;
      else if (!first) yield parsed;
      first = false;
    }
  } catch (error) {
    throw unreadable(error, path);
  }
  if (!closed) throw new CommandFailed(`${path} is torn: its end is missing.`);
}

function openArchive(path: string): Readable {
  const text = createGunzip();
  createReadStream(path).on('error', (error) => text.destroy(error)).pipe(text);
  return text;
}

function headerOf(line: string, path: string): BackupHeader {
  const header = JSON.parse(line) as Partial<BackupHeader>;
  if (header.provost !== 'backup') throw new CommandFailed(`${path} is no backup of Provost.`);
  if (header.format !== FORMAT) throw new CommandFailed(`${path} has format ${header.format}; this version of Provost reads format ${FORMAT}.`);
  return header as BackupHeader;
}

/** What zlib, JSON and the file system say, as a sentence about the file. What the consumer of the lines throws passes. */
function unreadable(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new CommandFailed(`There is no file ${path}.`);
  if (code === 'EACCES' || code === 'EISDIR') return new CommandFailed(`${path} cannot be read (${code}).`);
  if (code?.startsWith('Z_') || error instanceof SyntaxError) return new CommandFailed(`${path} is torn or no backup of Provost.`);
  return error;
}
