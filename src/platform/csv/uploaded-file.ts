import { Readable } from 'node:stream';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { FileFormat, MEDIA_TYPES } from './file-format.js';
import { FileTooLarge, NoFile } from './file.problems.js';

/** A file that is still arriving. */
export interface Upload {
  readonly format: FileFormat;
  readonly file: Readable;
}

/** The body of a route that is marked as streamed, in one of these formats. */
export const UploadedFile = createParamDecorator((formats: readonly FileFormat[] | undefined, context: ExecutionContext): Upload => {
  const taken = formats ?? Object.values(FileFormat);
  const { body, headers } = context.switchToHttp().getRequest<FastifyRequest>();
  const type = headers['content-type']?.split(';', 1)[0]!.trim().toLowerCase();
  const format = taken.find((each) => MEDIA_TYPES[each] === type);
  if (!format || !(body instanceof Readable)) throw new NoFile(taken.map((each) => MEDIA_TYPES[each]));
  return { format, file: body };
});

/** Not more than so many bytes of it. Whoever stops reading leaves the rest, so that an answer can still be given. */
export async function* atMost(bytes: number, file: Readable, setting?: string): AsyncGenerator<Buffer> {
  let read = 0;
  for await (const chunk of file.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    read += chunk.length;
    if (read > bytes) throw new FileTooLarge(bytes, setting);
    yield chunk;
  }
}
