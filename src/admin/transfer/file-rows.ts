import { originalOf } from '../../platform/csv/cells.js';
import { isBroken, LONGEST_LINE, recordsOf } from '../../platform/csv/csv-records.js';
import type { Violation } from '../../platform/problems/problem.js';
import { FileFormat } from '../../platform/csv/file-format.js';
import { UnreadableFile } from '../../platform/csv/file.problems.js';
import { COLUMNS, REQUIRED } from './user-columns.js';

/** A row as it stands in a file, counted from line 1, or why it is none. */
export interface FileRow {
  readonly line: number;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly flaw?: Violation;
  /** The text of a row without fields. */
  readonly raw?: string;
}

const LINE_FEED = 10;

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

function columnsOf(cells: readonly string[]): string[] {
  const refuse = (detail: string): never => {
    throw new UnreadableFile(1, detail);
  };
  const names = cells.map((cell) => cell.trim());
  if (names.some(isBroken)) refuse('Line 1 is not UTF-8 text.');
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

function flawed(line: number, raw: string, code: string, detail: string): FileRow {
  return { line, fields: {}, raw, flaw: { pointer: '', code, detail } };
}
