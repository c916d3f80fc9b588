import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Settings } from '../../platform/config/settings.js';
import type { ByteRange } from '../../platform/http/byte-range.js';
import { FileStorage } from './file-storage.js';
import { StorageAway } from './storage.problems.js';

/** Files in one folder, each named by its id: what a sender called it never becomes part of a path. */
export class DiskStorage extends FileStorage {
  private readonly folder: string;

  constructor(settings: Settings) {
    super();
    this.folder = join(settings.dataDir, 'documents', 'files');
  }

  /** The file itself is on the disk already; what has to get there is its name. */
  override async keep(fileId: string, path: string): Promise<void> {
    const made = await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await rename(path, this.pathOf(fileId));
    await syncFolder(this.folder);
    if (made !== undefined) await syncFolder(dirname(this.folder));
  }

  override async read(fileId: string, range?: ByteRange): Promise<Readable> {
    const file = await this.reached(fileId, (path) => open(path, 'r'));
    return createReadStream('', { fd: file, ...range });
  }

  override async remove(fileId: string): Promise<void> {
    await rm(this.pathOf(fileId), { force: true });
  }

  override async within<T>(fileId: string, work: (path: string) => Promise<T>): Promise<T> {
    await this.reached(fileId, (path) => stat(path));
    return work(this.pathOf(fileId));
  }

  private async reached<T>(fileId: string, look: (path: string) => Promise<T>): Promise<T> {
    try {
      return await look(this.pathOf(fileId));
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? this.missing(fileId) : new StorageAway(error);
    }
  }

  private pathOf(fileId: string): string {
    return join(this.folder, `${fileId}.pdf`);
  }
}

/** A rename survives a power cut only once its folder does. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
