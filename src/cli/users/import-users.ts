import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { extname } from 'node:path';
import type { ImportSummary, RowError, RowResult } from '../../admin/transfer/import-results.js';
import { withApplication } from '../application.js';
import { CommandFailed, say, Steps } from '../output.js';
import { PATIENT } from '../patience.js';

export interface ImportOptions {
  dryRun?: true;
  key?: string;
  format?: string;
}

export async function importUsers(path: string, { dryRun, key, format }: ImportOptions): Promise<void> {
  const size = await sizeOf(path);
  await withApplication(async (app) => {
    const [{ UserImports }, { rowsOf }, { FileFormat }, { SYSTEM }] = await Promise.all([
      import('../../admin/transfer/user-imports.service.js'), import('../../admin/transfer/file-rows.js'), import('../../platform/csv/file-format.js'), import('../../audit/audit.service.js'),
    ]);
    const isNdjson = (format ?? (extname(path) === '.csv' ? 'csv' : 'ndjson')) === 'ndjson';
    const steps = new Steps('Importing', size);
    const rows = rowsOf(isNdjson ? FileFormat.Ndjson : FileFormat.Csv, watched(createReadStream(path), steps));
    const summary = await told(app.get(UserImports).carryOut({ actor: SYSTEM, key, dryRun: dryRun ?? false }, rows)).finally(() => steps.end());
    say(sentenceOf(summary));
    if (summary.failed > 0) throw new CommandFailed(`${summary.failed} of ${summary.rows} rows made no user.`);
  }, PATIENT);
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    throw new CommandFailed(`The file ${path} cannot be read.`);
  }
}

async function* watched(file: Readable, steps: Steps): AsyncGenerator<Buffer> {
  for await (const chunk of file as AsyncIterable<Buffer>) {
    yield chunk;
    steps.add(chunk.length);
  }
}

/** Every error, also those beyond the first thousand, as soon as its rows are dealt with. */
async function told(results: AsyncGenerator<RowResult[], ImportSummary>): Promise<ImportSummary> {
  for (;;) {
    const { value, done } = await results.next();
    if (done) return value;
    for (const { errors } of value) errors?.forEach(tell);
  }
}

function tell({ line, pointer, detail }: RowError): void {
  process.stderr.write(`line ${line}${pointer ? ` ${pointer.slice(1)}` : ''}: ${detail}\n`);
}

function sentenceOf({ id, dryRun, rows, created, skipped, failed }: ImportSummary): string {
  if (dryRun) return `${rows} rows: ${created} would be made, ${failed} would fail; nothing was written.`;
  return `Import ${id}: ${rows} rows, ${created} made, ${failed} failed${skipped > 0 ? `; ${skipped} of them were dealt with before` : ''}.`;
}
