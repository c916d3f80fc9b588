import { Body, Controller, Delete, Get, Param, ParseUUIDPipe, Patch, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { IfMatch, setEntityTag } from '../../platform/http/entity-tag.js';
import { Refuses } from '../../platform/http/refuses.js';
import { Idempotent, type IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { CreateLiteratureEntryDto, LiteratureEntryDto, LiteratureDto, UpdateLiteratureEntryDto } from './literature.dto.js';
import { LiteratureService } from './literature.service.js';

@ApiTags('experiments')
@Controller('experiments/:experimentId/literature-data')
export class LiteratureController {
  constructor(private readonly literature: LiteratureService) {}

  /** Published values that can join the analysis of an experiment. */
  @Get()
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  async list(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string): Promise<LiteratureDto> {
    const entries = await this.literature.list(actor, experimentId);
    return { data: entries.map((entry) => LiteratureEntryDto.of(entry)), nextCursor: null, prevCursor: null };
  }

  /** Adds a published value. */
  @Post()
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 409, 422)
  create(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Body() request: CreateLiteratureEntryDto, @Idempotent() repeat?: IdempotentRequest): Promise<LiteratureEntryDto> {
    return this.literature.create(actor, experimentId, request, (entry) => LiteratureEntryDto.of(entry), repeat);
  }

  /** One published value. */
  @Get(':id')
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  async read(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<LiteratureEntryDto> {
    const entry = await this.literature.get(actor, experimentId, id);
    setEntityTag(reply, entry.entry.version);
    return LiteratureEntryDto.of(entry);
  }

  /** As PATCH: what is not named stays as it is. */
  @Put(':id')
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 409, 412, 422)
  replace(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateLiteratureEntryDto, @IfMatch() version: number | undefined): Promise<LiteratureEntryDto> {
    return this.update(actor, experimentId, id, change, version);
  }

  /** Changes a published value; fields that are absent stay as they are. */
  @Patch(':id')
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 409, 412, 422)
  async update(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateLiteratureEntryDto, @IfMatch() version: number | undefined): Promise<LiteratureEntryDto> {
    return LiteratureEntryDto.of(await this.literature.update(actor, experimentId, id, change, version));
  }

  /** Removes a published value. */
  @Delete(':id')
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 409, 412)
  async remove(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string, @IfMatch() version: number | undefined): Promise<LiteratureEntryDto> {
    return LiteratureEntryDto.of(await this.literature.remove(actor, experimentId, id, version));
  }
}
