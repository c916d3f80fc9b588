import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Settings } from '../../platform/config/settings.js';
import type { ByteRange } from '../../platform/http/byte-range.js';
import { Problem } from '../../platform/problems/problem.js';
import { FileStorage } from './file-storage.js';
import type { IncomingFolder } from './incoming-folder.js';
import { StorageAway } from './storage.problems.js';

/** As small as S3 takes them, and one at a time: an upload holds this much memory. */
const PART_BYTES = 5 * 1024 * 1024;
const CONNECT_MS = 5000;
const ANSWER_MS = 60_000;

/** Files as objects of a bucket. The SDK is loaded when it is first needed: it is large, and most installations have a disk. */
export class S3Storage extends FileStorage {
  private client: Promise<S3Client> | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly incoming: IncomingFolder,
  ) {
    super();
  }

  override keep(fileId: string, path: string): Promise<void> {
    return answered(async () => {
      const { Upload } = await import('@aws-sdk/lib-storage');
      const params = { ...this.nameOf(fileId), Body: createReadStream(path), ContentType: 'application/pdf' };
      await new Upload({ client: await this.connected(), params, partSize: PART_BYTES, queueSize: 1 }).done();
    });
  }

  override read(fileId: string, range?: ByteRange): Promise<Readable> {
    return answered(async () => {
      const { GetObjectCommand } = await import('@aws-sdk/client-s3');
      const client = await this.connected();
      const asked = new GetObjectCommand({ ...this.nameOf(fileId), ...(range && { Range: `bytes=${range.start}-${range.end}` }) });
      const { Body } = await client.send(asked).catch((error: unknown) => {
        // To a key that may not list the bucket S3 says instead that access is denied.
        throw error instanceof Error && error.name === 'NoSuchKey' ? this.missing(fileId) : error;
      });
      return Body as Readable;
    });
  }

  override async remove(fileId: string): Promise<void> {
    await answered(async () => {
      const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
      const client = await this.connected();
      await client.send(new DeleteObjectCommand(this.nameOf(fileId)));
    });
  }

  override async within<T>(fileId: string, work: (path: string) => Promise<T>): Promise<T> {
    const path = this.incoming.pathToRead();
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const object = await this.read(fileId);
      await answered(() => pipeline(object, createWriteStream(path, { mode: 0o600, flags: 'wx' })));
      return await work(path);
    } finally {
      await rm(path, { force: true });
    }
  }

  private nameOf(fileId: string): { Bucket: string; Key: string } {
    return { Bucket: this.settings.s3Bucket!, Key: `${this.settings.s3Prefix}${fileId}.pdf` };
  }

  private connected(): Promise<S3Client> {
    this.client ??= this.connect();
    return this.client;
  }

  private async connect(): Promise<S3Client> {
    const { S3Client } = await import('@aws-sdk/client-s3');
    const { s3Endpoint: endpoint, s3Region: region, s3PathStyle: forcePathStyle, s3AccessKeyId: accessKeyId, s3SecretAccessKey: secretAccessKey } = this.settings;
    const credentials = accessKeyId !== undefined && secretAccessKey !== undefined ? { accessKeyId, secretAccessKey } : undefined;
    return new S3Client({
      region, forcePathStyle, ...(endpoint !== undefined && { endpoint }), ...(credentials && { credentials }),
      requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS },
      // Services other than AWS do not all know the newer checksums.
      requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }
}

async function answered<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Problem ? error : new StorageAway(error);
  }
}
