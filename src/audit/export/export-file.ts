import { FileFormat } from '../../platform/csv/file-format.js';
import type { ExportLine } from './export-lines.js';
import { lineOf, PREAMBLE } from './export-text.js';

export interface FileLine {
  /** Where it begins, counted from 1. */
  readonly number: number;
  readonly last: number;
  /** Undefined where it is not as Provost writes lines. */
  readonly line: ExportLine | undefined;
}

const LINE_FEED = 10;
const OBJECT = '{'.charCodeAt(0);
/** A row has at most two JSON texts of a few kilobytes; without a bound one quote too many would fill the memory. */
const LONGEST = 2 ** 24;

/** The lines of an export of either format, one in memory at a time. */
export async function* linesOf(file: AsyncIterable<Buffer>): AsyncGenerator<FileLine> {
  let format: FileFormat | undefined;
  let number = 0;
  let open = '';
  for await (const text of rawLines(file)) {
    format ??= text.charCodeAt(0) === OBJECT ? FileFormat.Ndjson : FileFormat.Csv;
    number += 1;
    if (number === 1 && `${text}\n` === PREAMBLE[format]) continue;
    open += open === '' ? text : `\n${text}`;
    // Within quotes a line break belongs to its cell.
    if (format === FileFormat.Csv && open.length < LONGEST && quotesIn(open) % 2 === 1) continue;
    yield { number: number - breaksIn(open), last: number, line: lineOf(format, open) };
    open = '';
  }
  if (open !== '') yield { number: number - breaksIn(open), last: number, line: undefined };
}

/** By line feeds alone: JSON may hold every other kind of line break as it is. */
async function* rawLines(file: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of file) {
    let begin = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, begin)) {
      yield Buffer.concat([...parts, chunk.subarray(begin, end)]).toString();
      [parts, length, begin] = [[], 0, end + 1];
    }
    parts.push(chunk.subarray(begin));
    length += chunk.length - begin;
    if (length > LONGEST) break;
  }
  if (length > 0) yield Buffer.concat(parts).toString();
}

function quotesIn(text: string): number {
  return text.split('"').length - 1;
}

function breaksIn(text: string): number {
  return text.split('\n').length - 1;
}
