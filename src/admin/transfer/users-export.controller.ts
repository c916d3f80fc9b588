import { Readable } from 'node:stream';
import { Controller, createParamDecorator, type ExecutionContext, Get, StreamableFile } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExtension, ApiOkResponse, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { Clock } from '../../platform/clock/clock.js';
import { documentedList } from '../../platform/lists/list-parameters.js';
import { type Wanted, wantedOf } from '../../platform/lists/wanted.js';
import { ValidationFailed } from '../../platform/problems/problems.js';
import { USERS_LIST } from '../../users/users.list.js';
import { FileFormat, MEDIA_TYPES } from '../../platform/csv/file-format.js';
import { UsersExport } from './users-export.js';

interface Asked {
  readonly format: FileFormat;
  readonly wanted: Wanted;
}

const AskedExport = createParamDecorator((_: unknown, context: ExecutionContext): Asked => {
  const { format = FileFormat.Csv, ...query } = context.switchToHttp().getRequest<FastifyRequest>().query as Record<string, unknown>;
  if (!isFormat(format)) throw new ValidationFailed([{ pointer: '/format', code: 'isIn', detail: 'format must be csv or ndjson.' }]);
  return { format, wanted: wantedOf(query, USERS_LIST) };
});

@ApiTags('admin')
@Controller('admin/users/export')
export class UsersExportController {
  constructor(
    private readonly users: UsersExport,
    private readonly clock: Clock,
  ) {}

  /** Users as one file with the filters and the order of the list, which import reads; pages are not looked at. */
  @Get()
  @RouteConfig({ untimed: true })
  @Requires(Permission.UsersExport)
  @ApiQuery({ name: 'format', required: false, enum: FileFormat, description: 'CSV with cells that no spreadsheet evaluates, or a JSON object a line.' })
  @ApiExtension('x-list', documentedList(USERS_LIST))
  @ApiOkResponse({ content: { 'text/csv': { schema: { type: 'string' } }, 'application/x-ndjson': { schema: { type: 'string' } } } })
  async read(@CurrentActor() actor: Actor, @AskedExport() { format, wanted }: Asked): Promise<StreamableFile> {
    // One page ahead at most: a client that reads slowly must not fill the memory.
    const file = Readable.from(await this.users.begin(actor, wanted, format), { highWaterMark: 1 });
    const disposition = `attachment; filename="users-${this.clock.now().toISOString().slice(0, 10)}.${format}"`;
    return new StreamableFile(file, { type: `${MEDIA_TYPES[format]}; charset=utf-8`, disposition });
  }
}

function isFormat(text: unknown): text is FileFormat {
  return Object.values<unknown>(FileFormat).includes(text);
}
