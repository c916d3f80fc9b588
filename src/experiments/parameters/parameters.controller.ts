import { Body, Controller, Delete, Get, Param, ParseUUIDPipe, Patch, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { IfMatch, setEntityTag } from '../../platform/http/entity-tag.js';
import { Refuses } from '../../platform/http/refuses.js';
import { Idempotent, type IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { CreateParameterDto, ParameterDto, ParametersDto, UpdateParameterDto } from './parameters.dto.js';
import { ParametersService } from './parameters.service.js';

@ApiTags('experiments')
@Controller('experiments/:experimentId/parameters')
export class ParametersController {
  constructor(private readonly parameters: ParametersService) {}

  /** The parameters (factors) of an experiment, in their order. */
  @Get()
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  async list(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string): Promise<ParametersDto> {
    const parameters = await this.parameters.list(actor, experimentId);
    return { data: parameters.map((parameter) => ParameterDto.of(parameter)), nextCursor: null, prevCursor: null };
  }

  /** Adds a parameter. */
  @Post()
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 409, 422)
  create(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Body() request: CreateParameterDto, @Idempotent() repeat?: IdempotentRequest): Promise<ParameterDto> {
    return this.parameters.create(actor, experimentId, request, (parameter) => ParameterDto.of(parameter), repeat);
  }

  /** One parameter. */
  @Get(':id')
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  async read(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<ParameterDto> {
    const parameter = await this.parameters.get(actor, experimentId, id);
    setEntityTag(reply, parameter.version);
    return ParameterDto.of(parameter);
  }

  /** As PATCH: what is not named stays as it is. */
  @Put(':id')
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 409, 412, 422)
  replace(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateParameterDto, @IfMatch() version: number | undefined): Promise<ParameterDto> {
    return this.update(actor, experimentId, id, change, version);
  }

  /** Changes a parameter; fields that are absent stay as they are. */
  @Patch(':id')
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 409, 412, 422)
  async update(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateParameterDto, @IfMatch() version: number | undefined): Promise<ParameterDto> {
    return ParameterDto.of(await this.parameters.update(actor, experimentId, id, change, version));
  }

  /** Removes a parameter that nothing uses. */
  @Delete(':id')
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 409, 412)
  async remove(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string, @IfMatch() version: number | undefined): Promise<ParameterDto> {
    return ParameterDto.of(await this.parameters.remove(actor, experimentId, id, version));
  }
}
