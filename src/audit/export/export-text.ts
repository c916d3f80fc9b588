import { parse } from 'csv-parse/sync';
import { csvLines, originalOf } from '../../platform/csv/cells.js';
import { FileFormat } from '../../platform/csv/file-format.js';
import { EVENT_FIELDS, type EventLine, type ExportLine, inOrder } from './export-lines.js';

/*
 * An empty cell is null. An empty text is one too, but named in the column `empty`: the hash tells them apart. The first and
 * the last line are JSON in the column `statement`.
 */
const COLUMNS = ['kind', ...EVENT_FIELDS, 'empty', 'statement'];
/** What begins a file of this format, before its lines. */
export const PREAMBLE: Readonly<Record<FileFormat, string>> = { [FileFormat.Csv]: csvLines([COLUMNS]), [FileFormat.Ndjson]: '' };

export function textOf(format: FileFormat, line: ExportLine): string {
  return format === FileFormat.Csv ? csvLines([cellsOf(line)]) : `${JSON.stringify(line)}\n`;
}

/** Undefined for what Provost has not written like this to the last character. */
export function lineOf(format: FileFormat, text: string): ExportLine | undefined {
  try {
    const read = format === FileFormat.Csv ? ofCells((parse(`${text}\n`, { record_delimiter: ['\r\n', '\n'] }))[0]!) : (JSON.parse(text) as ExportLine);
    const line = read.kind === 'event' ? inOrder(read) : read;
    return textOf(format, line).trimEnd() === text.trimEnd() ? line : undefined;
  } catch {
    return undefined;
  }
}

function cellsOf(line: ExportLine): string[] {
  if (line.kind !== 'event') return [line.kind, ...EVENT_FIELDS.map(() => ''), '', JSON.stringify(line)];
  const empty = EVENT_FIELDS.filter((field) => line[field] === '');
  return [line.kind, ...EVENT_FIELDS.map((field) => String(line[field] ?? '')), empty.join(' '), ''];
}

function ofCells(cells: readonly string[]): ExportLine {
  const texts = cells.map(originalOf);
  const [empty = '', statement = ''] = texts.slice(-2);
  if (texts[0] !== 'event') return JSON.parse(statement) as ExportLine;
  const fields = Object.fromEntries(EVENT_FIELDS.map((field, at) => [field, texts[at + 1] || (empty.split(' ').includes(field) ? '' : null)]));
  return { ...fields, kind: 'event', lane: Number(fields['lane']), position: Number(fields['position']) } as unknown as EventLine;
}
