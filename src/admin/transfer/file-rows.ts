import { type CsvError, type Options, parse, type Parser } from 'csv-parse';
import { originalOf } from '../../platform/csv/cells.js';
import type { Violation } from '../../platform/problems/problem.js';
import { FileFormat } from '../../platform/csv/file-format.js';
import { UnreadableFile } from './transfer.problems.js';
import { COLUMNS, REQUIRED } from './user-columns.js';

/** A row as it stands in a file, counted from line 1, or why it is none. */
export interface FileRow {
  readonly line: number;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly flaw?: Violation;
  /** The text of a row without fields. */
  readonly raw?: string;
}

/** No user needs more; an unclosed quote would else run on to the end of the file. */
const LONGEST_LINE = 65_536;
const LINE_FEED = 10;
/** What bytes become that are not UTF-8. Nobody's name has it. */
const BROKEN = '\ufffd';

export function rowsOf(format: FileFormat, file: AsyncIterable<Buffer>): AsyncGenerator<FileRow> {
  return format === FileFormat.Csv ? csvRows(file) : ndjsonRows(file);
}

async function* csvRows(file: AsyncIterable<Buffer>): AsyncGenerator<FileRow> {
  let columns: string[] | undefined;
  for await (const { line, cells } of recordsOf(file)) {
    if (columns) yield csvRow(line, cells, columns);
    else columns = columnsOf(cells);
  }
  if (!columns) throw new UnreadableFile(1, 'The file is empty: its first line must name the columns.');
}

/** Those before a flaw too: a parser that is read as a stream drops what waits in it. */
async function* recordsOf(file: AsyncIterable<Buffer>): AsyncGenerator<FileRecord> {
  const waiting: FileRecord[] = [];
  const parser = recordParser(waiting);
  let ended = 0;
  try {
    for await (const chunk of file) {
      const flaw = await settled((done) => parser.write(chunk, done));
      for (const record of waiting.splice(0)) {
        ended = record.ended;
        yield record;
      }
      if (flaw) throw flaw;
    }
    const flaw = await settled((done) => parser.end(done));
    yield* waiting;
    if (flaw) throw flaw;
  } catch (error) {
    throw isCsvError(error) ? unreadable(error, ended + 1) : error;
  }
}

interface FileRecord {
  readonly line: number;
  /** The line in which it ends. */
  readonly ended: number;
  readonly cells: string[];
}

function recordParser(waiting: FileRecord[]): Parser {
  const options: Options = {
    bom: true, relax_column_count: true, skip_empty_lines: true, max_record_size: LONGEST_LINE, record_delimiter: ['\r\n', '\n'],
    on_record: (cells: string[], { lines }) => {
      waiting.push({ line: lines - breaksIn(cells), ended: lines, cells });
      return null;
    },
  };
  // What is wrong comes with each write; the stream itself has nothing to read.
  return parse(options).on('error', () => undefined).resume();
}

function settled(write: (done: (error?: Error | null) => void) => void): Promise<Error | undefined> {
  return new Promise((resolve) => write((error) => resolve(error ?? undefined)));
}

function unreadable({ code }: CsvError, line: number): UnreadableFile {
  return new UnreadableFile(line, `The record that begins in line ${line} cannot be read: ${FLAWS[code] ?? 'it is not CSV'}.`);
}

const FLAWS: Partial<Record<CsvError['code'], string>> = {
  CSV_MAX_RECORD_SIZE: `it is longer than ${LONGEST_LINE} characters, as when a quote is not closed`,
  CSV_QUOTE_NOT_CLOSED: 'a quote in it is not closed',
  CSV_INVALID_CLOSING_QUOTE: 'something stands behind a closing quote',
  INVALID_OPENING_QUOTE: 'a quote stands in a cell that does not begin with one',
};

function isCsvError(error: unknown): error is CsvError {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && (code.startsWith('CSV_') || code === 'INVALID_OPENING_QUOTE');
}

function breaksIn(cells: readonly string[]): number {
  let breaks = 0;
  for (const cell of cells) for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) breaks += 1;
  return breaks;
}

function columnsOf(cells: readonly string[]): string[] {
  const refuse = (detail: string): never => {
    throw new UnreadableFile(1, detail);
  };
  const names = cells.map((cell) => cell.trim());
  if (names.some((name) => name.includes(BROKEN) || name.includes('\0'))) refuse('Line 1 is not UTF-8 text.');
  const unknown = names.filter((name) => !COLUMNS.includes(name));
  // Without a header this may be somebody's row: it is not repeated.
  if (unknown.length === names.length) refuse(`Line 1 names no column: it must be a header with some of ${COLUMNS.join(', ')}.`);
  if (unknown.length > 0) refuse(`There are no columns ${unknown.slice(0, 5).map((name) => `"${name.slice(0, 64)}"`).join(', ')}${unknown.length > 5 ? ` and ${unknown.length - 5} more` : ''}; there are ${COLUMNS.join(', ')}.`);
  if (new Set(names).size < names.length) refuse('Line 1 names a column twice.');
  const missing = REQUIRED.filter((name) => !names.includes(name));
  if (missing.length > 0) refuse(`Line 1 does not name ${missing.join(' and ')}, which every user needs.`);
  return names;
}

function csvRow(line: number, cells: readonly string[], columns: readonly string[]): FileRow {
  if (cells.length !== columns.length) return flawed(line, cells.join(','), 'columns', `The header has ${columns.length} columns, this row ${cells.length}.`);
  const fields: Record<string, unknown> = {};
  for (let at = 0; at < columns.length; at += 1) if (cells[at] !== '') fields[columns[at]!] = originalOf(cells[at]!);
  return cells.some(isBroken) ? { ...NOT_UTF8, line, fields } : { line, fields };
}

async function* ndjsonRows(file: AsyncIterable<Buffer>): AsyncGenerator<FileRow> {
  let isEmpty = true;
  for await (const { line, text } of linesOf(file)) {
    if (text.trim() === '') continue;
    isEmpty = false;
    yield ndjsonRow(line, text);
  }
  if (isEmpty) throw new UnreadableFile(1, 'The file is empty.');
}

function ndjsonRow(line: number, text: string): FileRow {
  const fields = objectOf(text);
  if (!fields) return flawed(line, text, 'json', 'This line is not a JSON object.');
  const unknown = Object.keys(fields).find((name) => !COLUMNS.includes(name));
  if (unknown !== undefined) return flawed(line, text, 'unknown-field', `There is no field "${unknown.slice(0, 64)}" here.`);
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
  return isBroken(text) ? { ...NOT_UTF8, line, fields: given } : { line, fields: given };
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Lines of bounded length, counted from 1; the mark of byte order before the first is taken away. */
async function* linesOf(file: AsyncIterable<Buffer>): AsyncGenerator<{ line: number; text: string }> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  const read = (bytes: Buffer): { line: number; text: string } => {
    if (bytes.length > LONGEST_LINE) throw new UnreadableFile(line, `Line ${line} is longer than ${LONGEST_LINE} bytes.`);
    const text = bytes.toString();
    return { line, text: line === 1 ? text.replace(/^\ufeff/, '') : text };
  };
  for await (const chunk of file) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED)) {
      yield read(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
      line += 1;
    }
    if (rest.length > LONGEST_LINE) read(rest);
  }
  if (rest.length > 0) yield read(rest);
}

const NOT_UTF8 = { flaw: { pointer: '', code: 'encoding', detail: 'This line is not UTF-8 text.' } } as const;

function isBroken(text: string): boolean {
  return text.includes(BROKEN) || text.includes('\0');
}

function flawed(line: number, raw: string, code: string, detail: string): FileRow {
  return { line, fields: {}, raw, flaw: { pointer: '', code, detail } };
}
