import { Body, Controller, Delete, Get, Param, ParseUUIDPipe, Patch, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { IfMatch, setEntityTag } from '../../platform/http/entity-tag.js';
import { Refuses } from '../../platform/http/refuses.js';
import { Idempotent, type IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { CreateResponseDto, ResponseDto, ResponsesDto, UpdateResponseDto } from './responses.dto.js';
import { ResponsesService } from './responses.service.js';

@ApiTags('experiments')
@Controller('experiments/:experimentId/responses')
export class ResponsesController {
  constructor(private readonly responses: ResponsesService) {}

  /** The responses (what is measured) of an experiment, in their order. */
  @Get()
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  async list(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string): Promise<ResponsesDto> {
    const responses = await this.responses.list(actor, experimentId);
    return { data: responses.map((response) => ResponseDto.of(response)), nextCursor: null, prevCursor: null };
  }

  /** Adds a response. */
  @Post()
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 409, 422)
  create(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Body() request: CreateResponseDto, @Idempotent() repeat?: IdempotentRequest): Promise<ResponseDto> {
    return this.responses.create(actor, experimentId, request, (response) => ResponseDto.of(response), repeat);
  }

  /** One response. */
  @Get(':id')
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  async read(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<ResponseDto> {
    const response = await this.responses.get(actor, experimentId, id);
    setEntityTag(reply, response.version);
    return ResponseDto.of(response);
  }

  /** As PATCH: what is not named stays as it is. */
  @Put(':id')
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 409, 412, 422)
  replace(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateResponseDto, @IfMatch() version: number | undefined): Promise<ResponseDto> {
    return this.update(actor, experimentId, id, change, version);
  }

  /** Changes a response; fields that are absent stay as they are. */
  @Patch(':id')
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 409, 412, 422)
  async update(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateResponseDto, @IfMatch() version: number | undefined): Promise<ResponseDto> {
    return ResponseDto.of(await this.responses.update(actor, experimentId, id, change, version));
  }

  /** Removes a response that nothing uses. */
  @Delete(':id')
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 409, 412)
  async remove(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string, @IfMatch() version: number | undefined): Promise<ResponseDto> {
    return ResponseDto.of(await this.responses.remove(actor, experimentId, id, version));
  }
}
