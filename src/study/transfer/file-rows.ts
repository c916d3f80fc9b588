import { isBroken, recordsOf } from '../../platform/csv/csv-records.js';
import { originalOf } from '../../platform/csv/cells.js';
import { FileFormat } from '../../platform/csv/file-format.js';
import { UnreadableFile } from '../../platform/csv/file.problems.js';
import { FileRefused, TooManyRows } from './transfer.problems.js';

export const MOST_ROWS = 50_000;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;
const WHOLE = /^-?\d{1,15}$/;
const DECIMAL = /^-?\d{1,15}(?:\.\d{1,20})?(?:e-?\d{1,2})?$/i;

/** What is wrong with a row, and where. */
export interface RowFlaw {
  /** Counted from 1, a header included. */
  readonly line: number;
  readonly column: string;
  readonly code: string;
  readonly detail: string;
}

/** A row by the names of its columns, each cell as text; an empty one says nothing. Notes what is wrong with it. */
export class FileRow {
  constructor(
    readonly line: number,
    private readonly cells: ReadonlyMap<string, string>,
    private readonly flaws: RowFlaw[],
  ) {}

  text(column: string, longest: number): string | null {
    const text = this.cells.get(column) ?? '';
    if (text === '') return null;
    if (isBroken(text)) return this.wrong(column, 'encoding', 'is not UTF-8 text');
    return text.length > longest ? this.wrong(column, 'length', `is longer than ${longest} characters`) : text;
  }

  whole(column: string, least: number, most: number): number | null {
    return this.number(column, WHOLE, least, most);
  }

  decimal(column: string, least: number, most: number): number | null {
    return this.number(column, DECIMAL, least, most);
  }

  word<W extends string>(column: string, words: readonly W[]): W | null {
    const text = this.cells.get(column) ?? '';
    if (text === '') return null;
    return words.find((each) => each === text) ?? this.wrong(column, 'word', `is none of ${words.join(', ')}`);
  }

  instant(column: string): Date | null {
    const text = this.cells.get(column) ?? '';
    if (text === '') return null;
    const at = new Date(text);
    return INSTANT.test(text) && !Number.isNaN(at.getTime()) ? at : this.wrong(column, 'instant', 'is no instant such as 2026-03-02T18:00:00Z');
  }

  /** The row is left out as it stands. */
  wrong(column: string, code: string, detail: string): null {
    this.flaws.push({ line: this.line, column, code, detail: `${column} ${detail}.` });
    return null;
  }

  required<T>(column: string, value: T | null): T | null {
    if (value === null && !this.flaws.some((flaw) => flaw.line === this.line && flaw.column === column)) this.wrong(column, 'required', 'is missing');
    return value;
  }

  private number(column: string, form: RegExp, least: number, most: number): number | null {
    const text = this.cells.get(column) ?? '';
    if (text === '') return null;
    const value = Number(text);
    return form.test(text) && value >= least && value <= most ? value : this.wrong(column, 'number', `is no number from ${least} to ${most}`);
  }
}

/** The rows of a file in either format, each read by `read`; any flaw refuses the whole file. */
export async function rowsOf<T>(format: FileFormat, file: AsyncIterable<Buffer>, read: (row: FileRow) => T | null): Promise<T[]> {
  const flaws: RowFlaw[] = [];
  const rows: T[] = [];
  for await (const { line, cells } of format === FileFormat.Csv ? csvRows(file) : jsonRows(file)) {
    if (rows.length === MOST_ROWS) throw new TooManyRows(MOST_ROWS);
    const row = read(new FileRow(line, cells, flaws));
    if (row !== null) rows.push(row);
    else if (flaws.length >= MOST_ROWS) break;
  }
  if (flaws.length > 0) throw new FileRefused(flaws);
  return rows;
}

interface NamedCells {
  readonly line: number;
  readonly cells: ReadonlyMap<string, string>;
}

async function* csvRows(file: AsyncIterable<Buffer>): AsyncGenerator<NamedCells> {
  let header: string[] | undefined;
  for await (const { line, cells } of recordsOf(file)) {
    if (!header) header = cells.map((cell) => cell.trim());
    else if (cells.length !== header.length) throw new UnreadableFile(line, `The header has ${header.length} columns, line ${line} ${cells.length}.`);
    else yield { line, cells: new Map(header.map((name, index) => [name, originalOf(cells[index]!)])) };
  }
  if (!header) throw new UnreadableFile(1, 'The file is empty: its first line must name the columns.');
}

async function* jsonRows(file: AsyncIterable<Buffer>): AsyncGenerator<NamedCells> {
  let [line, rest] = [0, Buffer.alloc(0)];
  const parsed = (text: string): NamedCells[] => (text.trim() === '' ? [] : [{ line, cells: cellsOf(text, line) }]);
  for await (const chunk of file) {
    const bytes = Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      line += 1;
      yield* parsed(bytes.toString('utf8', start, end));
      start = end + 1;
    }
    rest = bytes.subarray(start);
    if (rest.length > LONGEST_LINE) throw new UnreadableFile(line + 1, `Line ${line + 1} is longer than ${LONGEST_LINE} bytes.`);
  }
  line += 1;
  yield* parsed(rest.toString('utf8'));
}

const LONGEST_LINE = 1_048_576;

/** Numbers and texts of an object; what is deeper inside is kept as JSON. */
function cellsOf(text: string, line: number): Map<string, string> {
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch {
    throw new UnreadableFile(line, `Line ${line} is not JSON.`);
  }
  if (typeof row !== 'object' || row === null || Array.isArray(row)) throw new UnreadableFile(line, `Line ${line} is no JSON object.`);
  return new Map(Object.entries(row).map(([name, value]) => [name, value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)]));
}
