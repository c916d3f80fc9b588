import { Controller, Get, Param, ParseUUIDPipe, Req, Res, StreamableFile } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiHeader, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { rangeAnswer } from '../../platform/http/byte-range.js';
import { Refuses } from '../../platform/http/refuses.js';
import { FileStorage } from '../storage/file-storage.js';
import { DocumentsService } from './documents.service.js';
import { attachment } from './file-name.js';

const PDF = { 'application/pdf': { schema: { type: 'string' as const, format: 'binary' } } };
/** Whatever a reader makes of the file, it runs nothing and asks nobody. */
const SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'";

@ApiTags('study')
@Controller('documents/:id/file')
export class DownloadsController {
  constructor(
    private readonly documents: DocumentsService,
    private readonly storage: FileStorage,
  ) {}

  /** The PDF, or a range of its bytes. */
  @Get()
  @RouteConfig({ untimed: true })
  @Requires(Permission.StudyRead)
  @Refuses(404, 410, 416)
  @ApiHeader({ name: 'Range', required: false, description: 'One range, such as bytes=0-1023.' })
  @ApiHeader({ name: 'If-Range', required: false, description: 'The ETag of the file that the range is meant of.' })
  @ApiProduces('application/pdf')
  @ApiResponse({ status: 200, description: 'All of it.', content: PDF })
  @ApiResponse({ status: 206, description: 'The range that was asked for.', content: PDF })
  @ApiResponse({ status: 304, description: 'The client has it already.' })
  async read(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<StreamableFile | undefined> {
    const { fileId, fileName, sha256, bytes } = await this.documents.get(actor, id);
    const { status, headers, range } = rangeAnswer(request.headers, { bytes, etag: `"${sha256.slice(0, 32)}"` });
    // Opened before a header is set: those of a file must not be those of a problem.
    const file = status === 304 ? undefined : await this.storage.read(fileId, range);
    void reply.status(status).headers({ ...headers, 'cache-control': 'private, no-cache', 'content-security-policy': SANDBOX, 'content-disposition': attachment(fileName) });
    return file && new StreamableFile(file, { type: 'application/pdf' });
  }
}
