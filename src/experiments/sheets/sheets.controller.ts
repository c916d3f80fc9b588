import { Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query, StreamableFile } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { FileFormat, MEDIA_TYPES } from '../../platform/csv/file-format.js';
import { atMost, type Upload, UploadedFile } from '../../platform/csv/uploaded-file.js';
import { Refuses } from '../../platform/http/refuses.js';
import { Idempotent, type IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { ResultsImportDto, ResultsImportQueryDto, RunsExportQueryDto } from './results-import.dto.js';
import { ResultsImport } from './results-import.service.js';
import { RunsExport } from './runs-export.service.js';

const LARGEST = 10 * 1024 * 1024;

@ApiTags('experiments')
@Controller('experiments/:experimentId')
export class SheetsController {
  constructor(
    private readonly imports: ResultsImport,
    private readonly exports: RunsExport,
  ) {}

  /**
   * Adds the measured values of a CSV file: all or none. A row is a run (column run, a column for each response), a measurement
   * (run, response, value), or a free observation (columns for all parameters, no run). Units in the header must be those of
   * the experiment. An empty cell was not measured; a value that is there already is passed over.
   */
  @Post('results/import')
  @HttpCode(200)
  @RouteConfig({ streamed: true })
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 413, 415, 422)
  @ApiConsumes(MEDIA_TYPES.csv)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  async import(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @UploadedFile([FileFormat.Csv]) { file }: Upload, @Query() { dryRun }: ResultsImportQueryDto, @Idempotent() repeat?: IdempotentRequest): Promise<ResultsImportDto> {
    const bytes = atMost(LARGEST, file);
    return ResultsImportDto.of(dryRun ? await this.imports.tryOut(actor, experimentId, bytes) : await this.imports.import(actor, experimentId, bytes, repeat));
  }

  /** The runs as a sheet to print, fill in and send to `results/import`: a row for each run, and for each repeat that has values. */
  @Get('runs/export')
  @RouteConfig({ untimed: true })
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  @ApiOkResponse({ content: { 'text/csv': { schema: { type: 'string' } } } })
  async export(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Query() { actual }: RunsExportQueryDto): Promise<StreamableFile> {
    const sheet = await this.exports.sheet(actor, experimentId, actual ?? false);
    return new StreamableFile(Buffer.from(sheet), { type: `${MEDIA_TYPES.csv}; charset=utf-8`, disposition: 'attachment; filename="runs.csv"' });
  }
}
