import { createParamDecorator, type ExecutionContext, type Type } from '@nestjs/common';
import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { BodyPipe } from '../../platform/http/body.pipe.js';
import { boundaryOf, NoForm, partsOf, textOf } from '../../platform/http/multipart.js';
import { ValidationFailed } from '../../platform/problems/problems.js';
import { NoFileInForm } from './documents.problems.js';

const LONGEST_FIELD = 8 * 1024;

/** A form with one file, still arriving. */
export class UploadForm {
  constructor(private readonly request: FastifyRequest) {}

  /** What the whole body takes, if its sender says so: the file is a little smaller. */
  get declaredBytes(): number | undefined {
    const length = this.request.headers['content-length'];
    return length === undefined ? undefined : Number(length);
  }

  /** Hands over the file as it arrives and answers what that made of it, with the other fields in their DTO. */
  async read<Fields extends object, Received>(fields: Type<Fields>, receive: (content: AsyncGenerator<Buffer>, fileName: string | undefined) => Promise<Received>): Promise<{ received: Received; fields: Fields }> {
    const { body, headers } = this.request;
    if (!(body instanceof Readable)) throw new NoForm();
    const texts: Record<string, string> = {};
    let received: Received | undefined;
    for await (const part of partsOf(body, boundaryOf(headers['content-type']))) {
      if (part.name === 'file' && received === undefined) received = await receive(part.content, part.fileName);
      else if (Object.hasOwn(texts, part.name) || part.name === 'file' || part.name === '__proto__') throw new FieldTwice(part.name);
      else texts[part.name] = await textOf(part, LONGEST_FIELD);
    }
    if (received === undefined) throw new NoFileInForm();
    return { received, fields: (await new BodyPipe().transform(filled(texts), { type: 'body', metatype: fields })) as Fields };
  }
}

/** Forms send empty texts for what was not filled in. */
function filled(texts: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ''));
}

class FieldTwice extends ValidationFailed {
  constructor(name: string) {
    super([{ pointer: `/${name.slice(0, 64)}`, code: 'once', detail: 'A field may be there once.' }]);
  }
}

/** The form of a route that is marked as streamed. */
export const SentForm = createParamDecorator((_: unknown, context: ExecutionContext): UploadForm => new UploadForm(context.switchToHttp().getRequest<FastifyRequest>()));
