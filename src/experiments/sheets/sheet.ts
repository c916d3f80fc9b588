import { createHash } from 'node:crypto';
import { isBroken, recordsOf } from '../../platform/csv/csv-records.js';
import { UnreadableFile } from '../../platform/csv/file.problems.js';
import { originalOf } from '../../platform/csv/cells.js';
import { TooMany } from '../experiments.problems.js';
import { MOST_RESULTS } from '../results/results.service.js';
import { SheetTooWide } from './sheets.problems.js';

/** What is wrong with a row, and where. */
export interface RowFlaw {
  /** Counted from 1, the header included. */
  readonly line: number;
  /** The column's header; empty where it is the whole row. */
  readonly column: string;
  readonly code: string;
  readonly detail: string;
}

/** A row has as many cells as the header has columns, or a flaw. */
export interface SheetRow {
  readonly line: number;
  readonly cells: readonly string[];
  readonly flaw?: RowFlaw;
}

/** A CSV file as text, small enough to be held as a whole. */
export interface Sheet {
  readonly header: readonly string[];
  readonly rows: readonly SheetRow[];
  /** Of its bytes: tells one file from another. */
  readonly digest: string;
}

const MOST_COLUMNS = 1000;
const MOST_CELLS = 2_000_000;

/** Reads before anything is locked, for the file arrives as slowly as its sender likes. */
export async function readSheet(file: AsyncIterable<Buffer>): Promise<Sheet> {
  const hash = createHash('sha256');
  let header: string[] | undefined;
  const rows: SheetRow[] = [];
  for await (const { line, cells } of recordsOf(hashed(file, hash))) {
    if (!header) header = headerOf(cells);
    else if (rows.length === MOST_RESULTS) throw new TooMany('rows in one file, and results', MOST_RESULTS);
    else if ((rows.length + 1) * header.length > MOST_CELLS) throw new SheetTooWide(MOST_CELLS);
    else rows.push(rowOf(line, cells, header.length));
  }
  if (!header) throw new UnreadableFile(1, 'The file is empty: its first line must name the columns.');
  return { header, rows, digest: hash.digest('base64url') };
}

async function* hashed(file: AsyncIterable<Buffer>, hash: { update(chunk: Buffer): unknown }): AsyncGenerator<Buffer> {
  for await (const chunk of file) {
    hash.update(chunk);
    yield chunk;
  }
}

function headerOf(cells: readonly string[]): string[] {
  if (cells.some(isBroken)) throw new UnreadableFile(1, 'Line 1 is not UTF-8 text; save the file as CSV UTF-8.');
  if (cells.length > MOST_COLUMNS) throw new UnreadableFile(1, `Line 1 names ${cells.length} columns; ${MOST_COLUMNS} are the most.`);
  return cells.map((cell) => originalOf(cell).trim());
}

function rowOf(line: number, cells: readonly string[], columns: number): SheetRow {
  const flaw = (code: string, detail: string): SheetRow => ({ line, cells: [], flaw: { line, column: '', code, detail } });
  if (cells.length !== columns) return flaw('columns', `The header has ${columns} columns, this row ${cells.length}${cells.length > columns ? '; write numbers with a point and quote cells that hold commas' : ''}.`);
  if (cells.some(isBroken)) return flaw('encoding', 'This line is not UTF-8 text; save the file as CSV UTF-8.');
  return { line, cells: cells.map((cell) => originalOf(cell).trim()) };
}
