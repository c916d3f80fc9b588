import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Settings } from '../../platform/config/settings.js';
import { newId } from '../../platform/ids/ids.js';

const READING = '.reading';

export interface ReceivedFile {
  readonly path: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** Where files lie while they arrive and are checked, on this machine and on the disk where they may stay. */
@Injectable()
export class IncomingFolder {
  private readonly folder: string;

  constructor(settings: Settings) {
    this.folder = join(settings.dataDir, 'documents', 'incoming');
  }

  /** Writes what arrives, a chunk in memory at a time. Once this is answered, it survives a power cut. */
  async receive(fileId: string, content: AsyncIterable<Buffer>): Promise<ReceivedFile> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const path = this.pathOf(fileId);
    const file = await open(path, 'wx', 0o600);
    try {
      const received = await written(file, content);
      await file.sync();
      return { path, ...received };
    } finally {
      await file.close();
    }
  }

  pathOf(fileId: string): string {
    return join(this.folder, fileId);
  }

  async drop(fileId: string): Promise<void> {
    await rm(this.pathOf(fileId), { force: true });
  }

  /** For a copy that somebody reads for a while. */
  pathToRead(): string {
    return join(this.folder, `${newId()}${READING}`);
  }

  /** Files that arrive, by their ids. */
  async fileIds(): Promise<string[]> {
    return (await this.names()).filter((name) => !name.endsWith(READING));
  }

  /** Those that were being read when the process ended. */
  async dropCopies(): Promise<void> {
    for (const name of await this.names()) if (name.endsWith(READING)) await this.drop(name);
  }

  private async names(): Promise<string[]> {
    return readdir(this.folder).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? [] : Promise.reject(error)));
  }
}

async function written(file: FileHandle, content: AsyncIterable<Buffer>): Promise<Omit<ReceivedFile, 'path'>> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of content) {
    hash.update(chunk);
    await file.writeFile(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}
