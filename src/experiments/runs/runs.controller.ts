import { Body, Controller, Delete, Get, Param, ParseUUIDPipe, Patch, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { IfMatch, setEntityTag } from '../../platform/http/entity-tag.js';
import { Refuses } from '../../platform/http/refuses.js';
import { Idempotent, type IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { answerList, type Answer } from '../../platform/lists/answer.js';
import { ListRoute, WantedOf } from '../../platform/lists/list-routes.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { CreateRunDto, CreateRunsDto, RunDto, RunsDto, UpdateRunDto } from './runs.dto.js';
import { RUNS_LIST } from './runs.list.js';
import { RunsService } from './runs.service.js';

@ApiTags('experiments')
@Controller('experiments/:experimentId/runs')
export class RunsController {
  constructor(private readonly runs: RunsService) {}

  /** The runs of an experiment, in the order in which they are made. */
  @Get()
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  @ListRoute(RUNS_LIST, RunDto)
  async list(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @WantedOf(RUNS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<RunDto>> {
    return answerList(reply, wanted, await this.runs.list(actor, experimentId, wanted), (run) => RunDto.of(run));
  }

  /** Adds a run behind the others. */
  @Post()
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 422)
  create(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Body() request: CreateRunDto, @Idempotent() repeat?: IdempotentRequest): Promise<RunDto> {
    return this.runs.create(actor, experimentId, [request], (runs) => RunDto.of(runs[0]!), repeat);
  }

  /** Adds up to 1,000 runs behind the others: all or none. */
  @Post('bulk')
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 422)
  createMany(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Body() { items }: CreateRunsDto, @Idempotent() repeat?: IdempotentRequest): Promise<RunsDto> {
    return this.runs.create(actor, experimentId, items, (runs) => ({ data: runs.map((run) => RunDto.of(run)) }), repeat);
  }

  /** One run with its settings, as planned and as they were. */
  @Get(':id')
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  async read(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<RunDto> {
    const run = await this.runs.get(actor, experimentId, id);
    setEntityTag(reply, run.run.version);
    return RunDto.of(run);
  }

  /** As PATCH: what is not named stays as it is. */
  @Put(':id')
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 412, 422)
  replace(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateRunDto, @IfMatch() version: number | undefined): Promise<RunDto> {
    return this.update(actor, experimentId, id, change, version);
  }

  /** Changes a run: its status, what was planned, what was really set. */
  @Patch(':id')
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 412, 422)
  async update(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateRunDto, @IfMatch() version: number | undefined): Promise<RunDto> {
    return RunDto.of(await this.runs.update(actor, experimentId, id, change, version));
  }

  /** Removes a run that has no results. One that has may be called failed, abandoned or suspect. */
  @Delete(':id')
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 409, 412)
  async remove(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string, @IfMatch() version: number | undefined): Promise<RunDto> {
    return RunDto.of(await this.runs.remove(actor, experimentId, id, version));
  }
}
