import { Readable } from 'node:stream';
import { Controller, createParamDecorator, type ExecutionContext, Get, HttpCode, Injectable, Param, type PipeTransform, Post, Query, StreamableFile } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { FileFormat, MEDIA_TYPES } from '../../platform/csv/file-format.js';
import { NoFile } from '../../platform/csv/file.problems.js';
import { atMost, type Upload, UploadedFile } from '../../platform/csv/uploaded-file.js';
import { Refuses } from '../../platform/http/refuses.js';
import { NotFound } from '../../platform/problems/problems.js';
import { KoreaderImports } from './koreader-imports.service.js';
import { StudyExports } from './study-exports.service.js';
import { StudyImports } from './study-imports.service.js';
import { TRANSFERRED, type Transferred } from './study-columns.js';
import { ExportQueryDto, StudyImportDto } from './transfer.dto.js';

const LARGEST = 20 * 1024 * 1024;
const LARGEST_DATABASE = 64 * 1024 * 1024;
const DATABASE = 'application/vnd.sqlite3';

/** The body of a route that is marked as streamed: a database of SQLite. */
const UploadedDatabase = createParamDecorator((_: unknown, context: ExecutionContext): Readable => {
  const { body, headers } = context.switchToHttp().getRequest<FastifyRequest>();
  if (headers['content-type'] !== DATABASE || !(body instanceof Readable)) throw new NoFile([DATABASE]);
  return body;
});

/** The last word of the path. */
@Injectable()
class WhatPipe implements PipeTransform<string, Transferred> {
  transform(word: string): Transferred {
    const what = TRANSFERRED.find((each) => each === word);
    if (!what) throw new NotFound('study-file');
    return what;
  }
}

@ApiTags('study')
@Controller('study')
export class TransferController {
  constructor(
    private readonly exports: StudyExports,
    private readonly imports: StudyImports,
    private readonly koreader: KoreaderImports,
  ) {}

  /** All finished sessions, all exercises or all answers of the caller as a file, which import reads. */
  @Get('export/:what')
  @RouteConfig({ untimed: true })
  @Requires(Permission.StudyRead)
  @Refuses(404)
  @ApiParam({ name: 'what', enum: TRANSFERRED })
  @ApiOkResponse({ content: { 'text/csv': { schema: { type: 'string' } }, 'application/x-ndjson': { schema: { type: 'string' } } } })
  export(@CurrentActor() actor: Actor, @Param('what', WhatPipe) what: Transferred, @Query() { format = FileFormat.Csv }: ExportQueryDto): StreamableFile {
    const file = Readable.from(this.exports.file(actor, what, format), { highWaterMark: 1 });
    return new StreamableFile(file, { type: `${MEDIA_TYPES[format]}; charset=utf-8`, disposition: `attachment; filename="${what}.${format}"` });
  }

  /** Adds the reading sessions of KOReader's `statistics.sqlite3`: pages less than 15 minutes apart are one session. */
  @Post('import/koreader')
  @HttpCode(200)
  @RouteConfig({ streamed: true })
  @Requires(Permission.StudyWrite)
  @Refuses(413, 415, 422)
  @ApiConsumes(DATABASE)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  async importKoreader(@CurrentActor() actor: Actor, @UploadedDatabase() file: Readable): Promise<StudyImportDto> {
    return StudyImportDto.of(await this.koreader.take(actor, atMost(LARGEST_DATABASE, file)));
  }

  /** Adds what a file of an export says: all of it or nothing. What was imported before is passed over, here or by id. */
  @Post('import/:what')
  @HttpCode(200)
  @RouteConfig({ streamed: true })
  @Requires(Permission.StudyWrite)
  @Refuses(404, 413, 415, 422)
  @ApiParam({ name: 'what', enum: TRANSFERRED })
  @ApiConsumes(...Object.values(MEDIA_TYPES))
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  async import(@CurrentActor() actor: Actor, @Param('what', WhatPipe) what: Transferred, @UploadedFile() { format, file }: Upload): Promise<StudyImportDto> {
    return StudyImportDto.of(await this.imports.take(actor, what, format, atMost(LARGEST, file)));
  }
}
