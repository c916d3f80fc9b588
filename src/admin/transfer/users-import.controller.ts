import { Readable } from 'node:stream';
import { Controller, HttpCode, Post, Query, Req, StreamableFile } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes, ApiExtraModels, ApiHeader, ApiOkResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { Settings } from '../../platform/config/settings.js';
import { problemAnswer } from '../../platform/http/problem-answer.js';
import { Refuses } from '../../platform/http/refuses.js';
import { RequestKey } from '../../platform/idempotency/idempotent-request.js';
import { FileFormat, MEDIA_TYPES } from '../../platform/csv/file-format.js';
import { atMost, type Upload, UploadedFile } from '../../platform/csv/uploaded-file.js';
import { rowsOf } from './file-rows.js';
import type { ImportSummary, RowResult } from './import-results.js';
import { UserImports } from './user-imports.service.js';
import { ImportDto, ImportQueryDto } from './users-import.dto.js';

const FILE = { schema: { type: 'string' as const, format: 'binary' } };

@ApiTags('admin')
@ApiExtraModels(ImportDto)
@Controller('admin/users/import')
export class UsersImportController {
  constructor(
    private readonly imports: UserImports,
    private readonly settings: Settings,
  ) {}

  /** Makes users of the rows of a file, CSV with a header or a JSON object a line; tells what became of each row, line by line, to those who accept NDJSON. */
  @Post()
  @HttpCode(200)
  @RouteConfig({ streamed: true })
  @Requires(Permission.UsersWrite)
  @Refuses(409, 413, 415)
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key and file go on where an import was cut off.' })
  @ApiConsumes(...Object.values(MEDIA_TYPES))
  @ApiBody(FILE)
  @ApiOkResponse({ content: { 'application/json': { schema: { $ref: getSchemaPath(ImportDto) } }, [MEDIA_TYPES.ndjson]: { schema: { type: 'string' } } } })
  async import(@CurrentActor() actor: Actor, @UploadedFile() { format, file }: Upload, @Query() { dryRun }: ImportQueryDto, @RequestKey() key: string | undefined, @Req() request: FastifyRequest): Promise<ImportDto | StreamableFile> {
    const rows = rowsOf(format, atMost(this.settings.importMaxBytes, file, 'IMPORT_MAX_BYTES'));
    const results = this.imports.carryOut({ actor, key, dryRun: dryRun ?? false }, rows);
    const first = await results.next();
    if (!request.headers.accept?.includes(MEDIA_TYPES[FileFormat.Ndjson])) return ImportDto.of(await lastOf(first, results));
    return new StreamableFile(Readable.from(linesOf(first, results, request), { highWaterMark: 1 }), { type: `${MEDIA_TYPES.ndjson}; charset=utf-8` });
  }
}

type Results = AsyncGenerator<RowResult[], ImportSummary>;
type Step = IteratorResult<RowResult[], ImportSummary>;

async function lastOf(first: Step, results: Results): Promise<ImportSummary> {
  let step = first;
  while (!step.done) step = await results.next();
  return step.value;
}

/** The answer has begun by then: what cuts the import off is its last line. */
async function* linesOf(first: Step, results: Results, request: FastifyRequest): AsyncGenerator<string> {
  let step = first;
  try {
    for (; !step.done; step = await results.next()) yield step.value.map((result) => `${JSON.stringify(result)}\n`).join('');
    yield `${JSON.stringify({ summary: ImportDto.of(step.value) })}\n`;
  } catch (error) {
    yield `${JSON.stringify({ problem: problemAnswer(error, request).body })}\n`;
  }
}
