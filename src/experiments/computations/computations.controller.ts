import { Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { Refuses } from '../../platform/http/refuses.js';
import { answerList, type Answer } from '../../platform/lists/answer.js';
import { ListRoute, WantedOf } from '../../platform/lists/list-routes.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { ComputationDto } from './computations.dto.js';
import { COMPUTATIONS_LIST } from './computations.list.js';
import { Computations } from './computations.js';

@ApiTags('experiments')
@Controller('experiments/:experimentId/computations')
export class ComputationsController {
  constructor(private readonly computations: Computations) {}

  /** The long computations of an experiment, begun last first. */
  @Get()
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  @ListRoute(COMPUTATIONS_LIST, ComputationDto)
  async list(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @WantedOf(COMPUTATIONS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<ComputationDto>> {
    return answerList(reply, wanted, await this.computations.list(actor, experimentId, wanted), (computation) => ComputationDto.of(computation));
  }

  /** How far a computation is, and what came out of it. */
  @Get(':id')
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  async read(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string): Promise<ComputationDto> {
    return ComputationDto.of(await this.computations.get(actor, experimentId, id));
  }

  /** Cancels a computation: from the answer on it writes nothing. */
  @Post(':id/cancel')
  @HttpCode(200)
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 409)
  async cancel(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string): Promise<ComputationDto> {
    return ComputationDto.of(await this.computations.cancel(actor, experimentId, id));
  }
}
