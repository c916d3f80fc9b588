import { type CsvError, type Options, parse, type Parser } from 'csv-parse';
import { UnreadableFile } from './file.problems.js';

/** Nobody needs more; an unclosed quote would else run on to the end of the file. */
export const LONGEST_LINE = 65_536;
const LINE_FEED = 10;
/** What bytes become that are not UTF-8. Nobody's name has it. */
const BROKEN = '\ufffd';

export interface FileRecord {
  readonly line: number;
  /** The line in which it ends. */
  readonly ended: number;
  readonly cells: string[];
}

export function isBroken(text: string): boolean {
  return text.includes(BROKEN) || text.includes('\0');
}

/** Those before a flaw too: a parser that is read as a stream drops what waits in it. */
export async function* recordsOf(file: AsyncIterable<Buffer>): AsyncGenerator<FileRecord> {
  const waiting: FileRecord[] = [];
  const parser = recordParser(waiting);
  let ended = 0;
  try {
    for await (const chunk of shortLines(file)) {
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

/** The parser counts only what is in cells: a line of nothing but commas would be as long as the file. */
const LONGEST_WITH_COMMAS = 2 * LONGEST_LINE;

async function* shortLines(file: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let [line, length] = [1, 0];
  for await (const chunk of file) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0 && length + end - start <= LONGEST_WITH_COMMAS; end = chunk.indexOf(LINE_FEED, start)) {
      [line, length, start] = [line + 1, 0, end + 1];
    }
    const next = chunk.indexOf(LINE_FEED, start);
    length += (next < 0 ? chunk.length : next) - start;
    if (length <= LONGEST_WITH_COMMAS) yield chunk;
    else {
      yield chunk.subarray(0, start);
      throw new UnreadableFile(line, `The record that begins in line ${line} cannot be read: it is longer than ${LONGEST_WITH_COMMAS} bytes.`);
    }
  }
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

