import { Readable } from 'node:stream';
import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { Clock } from '../../platform/clock/clock.js';
import { MEDIA_TYPES } from '../../platform/csv/file-format.js';
import { AuditExportQueryDto } from './audit-export.dto.js';
import { AuditExport } from './audit-export.service.js';

@ApiTags('admin')
@Controller('admin/audit-events/export')
export class AuditExportController {
  constructor(
    private readonly exports: AuditExport,
    private readonly clock: Clock,
  ) {}

  /**
   * Audit events as one file that proves itself: `provost audit verify-export` needs nothing but the file. It has whole stretches
   * between signed checkpoints, thus some minutes more than was asked for on either side. docs/audit.md tells what it proves.
   */
  @Get()
  @RouteConfig({ untimed: true })
  @Requires(Permission.AuditRead)
  @ApiOkResponse({ content: { 'application/x-ndjson': { schema: { type: 'string' } }, 'text/csv': { schema: { type: 'string' } } } })
  async read(@CurrentActor() actor: Actor, @Query() query: AuditExportQueryDto): Promise<StreamableFile> {
    // Some hundred rows ahead at most: a client that reads slowly must not fill the memory.
    const file = Readable.from(await this.exports.begin(actor, query), { highWaterMark: 1 });
    const disposition = `attachment; filename="audit-${this.clock.now().toISOString().slice(0, 10)}.${query.format}"`;
    return new StreamableFile(file, { type: `${MEDIA_TYPES[query.format]}; charset=utf-8`, disposition });
  }
}
