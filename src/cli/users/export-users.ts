import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { withApplication } from '../application.js';
import { Progress } from '../output.js';
import { PATIENT } from '../patience.js';

export interface ExportOptions {
  format: 'csv' | 'ndjson';
  out?: string;
}

/** To a file that nobody else can read, or to standard output. */
export function exportUsers({ format, out }: ExportOptions): Promise<void> {
  return withApplication(async (app) => {
    const [{ UsersExport }, { FileFormat }, { SYSTEM }, { wantedOf }, { USERS_LIST }, { UsersService }] = await Promise.all([
      import('../../admin/transfer/users-export.js'), import('../../platform/csv/file-format.js'), import('../../audit/audit.service.js'),
      import('../../platform/lists/wanted.js'), import('../../users/users.list.js'), import('../../users/users.service.js'),
    ]);
    const wanted = wantedOf({}, USERS_LIST);
    const { total } = await app.get(UsersService).list(wanted);
    const progress = new Progress('Exporting', total ?? 0);
    const text = await app.get(UsersExport).begin(SYSTEM, wanted, format === 'csv' ? FileFormat.Csv : FileFormat.Ndjson, (users) => progress.add(users));
    const target = out === undefined ? process.stdout : createWriteStream(out, { flags: 'wx', mode: 0o600 });
    await pipeline(Readable.from(text, { highWaterMark: 1 }), target, { end: out !== undefined }).finally(() => progress.end());
  }, PATIENT);
}
