import { Logger } from '@nestjs/common';
import type { Readable } from 'node:stream';
import type { ByteRange } from '../../platform/http/byte-range.js';
import { FileMissing } from './storage.problems.js';

/** Where the files of documents are kept, each under the id that a document or a loose file has for it. */
export abstract class FileStorage {
  private readonly logger = new Logger('Documents');
  private readonly told = new Set<string>();

  /** Takes over a file that lies on this machine. Once this is answered, it survives a power cut. */
  abstract keep(fileId: string, path: string): Promise<void>;

  /** Fails as `FileMissing` where there is no such file, and as `StorageAway` where nobody knows. */
  abstract read(fileId: string, range?: ByteRange): Promise<Readable>;

  /** Harmless when there is no such file. */
  abstract remove(fileId: string): Promise<void>;

  /** Has a file lie on this machine for as long as the work takes. */
  abstract within<T>(fileId: string, work: (path: string) => Promise<T>): Promise<T>;

  async has(fileId: string): Promise<boolean> {
    try {
      (await this.read(fileId, { start: 0, end: 0 })).destroy();
      return true;
    } catch (error) {
      if (error instanceof FileMissing) return false;
      throw error;
    }
  }

  /** What is thrown for a file that should be there. The operator is told of each once, however often it is asked for. */
  protected missing(fileId: string): FileMissing {
    if (!this.told.has(fileId)) this.logger.warn(`The file ${fileId} of a document is missing in the storage. Put it back, from a backup of the files, or its owner has to send it again.`);
    this.told.add(fileId);
    return new FileMissing();
  }
}
