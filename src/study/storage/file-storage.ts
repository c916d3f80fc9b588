import type { Readable } from 'node:stream';
import type { ByteRange } from '../../platform/http/byte-range.js';

/** Where the files of documents are kept, each under the id that a document or a loose file has for it. */
export abstract class FileStorage {
  /** Takes over a file that lies on this machine. Once this is answered, it survives a power cut. */
  abstract keep(fileId: string, path: string): Promise<void>;

  abstract read(fileId: string, range?: ByteRange): Promise<Readable>;

  /** Harmless when there is no such file. */
  abstract remove(fileId: string): Promise<void>;

  /** Has a file lie on this machine for as long as the work takes. */
  abstract within<T>(fileId: string, work: (path: string) => Promise<T>): Promise<T>;
}
