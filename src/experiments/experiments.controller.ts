import { Body, Controller, Delete, Get, Param, ParseUUIDPipe, Patch, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../access/actor.js';
import { Permission } from '../access/permission.js';
import { Requires } from '../access/requires.js';
import { IfMatch, setEntityTag } from '../platform/http/entity-tag.js';
import { Refuses } from '../platform/http/refuses.js';
import { Idempotent, type IdempotentRequest } from '../platform/idempotency/idempotent-request.js';
import { answerList, type Answer } from '../platform/lists/answer.js';
import { ListRoute, WantedOf } from '../platform/lists/list-routes.js';
import type { Wanted } from '../platform/lists/wanted.js';
import { CreateExperimentDto, ExperimentDto, RemovedExperimentDto, UpdateExperimentDto } from './experiments.dto.js';
import { EXPERIMENTS_LIST } from './experiments.list.js';
import { ExperimentsService } from './experiments.service.js';

@ApiTags('experiments')
@Controller('experiments')
export class ExperimentsController {
  constructor(private readonly experiments: ExperimentsService) {}

  /** The caller's experiments and those shared with them, changed last first. */
  @Get()
  @Requires(Permission.ExperimentsRead)
  @ListRoute(EXPERIMENTS_LIST, ExperimentDto)
  async list(@CurrentActor() actor: Actor, @WantedOf(EXPERIMENTS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<ExperimentDto>> {
    return answerList(reply, wanted, await this.experiments.list(actor, wanted), (opened) => ExperimentDto.of(opened));
  }

  /** Begins an experiment. */
  @Post()
  @Requires(Permission.ExperimentsWrite)
  create(@CurrentActor() actor: Actor, @Body() request: CreateExperimentDto, @Idempotent() repeat?: IdempotentRequest): Promise<ExperimentDto> {
    return this.experiments.create(actor, request, (opened) => ExperimentDto.of(opened), repeat);
  }

  /** One experiment. */
  @Get(':id')
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  async read(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<ExperimentDto> {
    const opened = await this.experiments.get(actor, id);
    setEntityTag(reply, opened.experiment.version);
    return ExperimentDto.of(opened);
  }

  /** As PATCH: what is not named stays as it is. */
  @Put(':id')
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 412)
  replace(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateExperimentDto, @IfMatch() version: number | undefined): Promise<ExperimentDto> {
    return this.update(actor, id, change, version);
  }

  /** Changes an experiment; fields that are absent stay as they are. */
  @Patch(':id')
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 412)
  async update(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateExperimentDto, @IfMatch() version: number | undefined): Promise<ExperimentDto> {
    return ExperimentDto.of(await this.experiments.update(actor, id, change, version));
  }

  /** Removes an experiment with all that is in it, for good. By its owner. */
  @Delete(':id')
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 412)
  async remove(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @IfMatch() version: number | undefined): Promise<RemovedExperimentDto> {
    return RemovedExperimentDto.of(await this.experiments.remove(actor, id, version));
  }
}
