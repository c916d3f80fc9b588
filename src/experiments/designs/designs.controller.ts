import { Body, Controller, Delete, Get, Param, ParseUUIDPipe, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiCreatedResponse, ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { IfMatch, setEntityTag } from '../../platform/http/entity-tag.js';
import { PREFER_HEADER, PrefersAsync } from '../../platform/http/prefer.js';
import { Refuses } from '../../platform/http/refuses.js';
import { Idempotent, type IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { answerList, type Answer } from '../../platform/lists/answer.js';
import { ListRoute, WantedOf } from '../../platform/lists/list-routes.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { accepted } from '../computations/accepted.js';
import { ComputationDto } from '../computations/computations.dto.js';
import { CreateDesignDto, DesignDto } from './designs.dto.js';
import { DESIGNS_LIST } from './designs.list.js';
import { DesignsService } from './designs.service.js';

@ApiTags('experiments')
@Controller('experiments/:experimentId/designs')
export class DesignsController {
  constructor(private readonly designs: DesignsService) {}

  /** The designs of an experiment with their properties, made first first. */
  @Get()
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  @ListRoute(DESIGNS_LIST, DesignDto)
  async list(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @WantedOf(DESIGNS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<DesignDto>> {
    return answerList(reply, wanted, await this.designs.list(actor, experimentId, wanted), (design) => DesignDto.of(design));
  }

  /** Makes a design and adds its runs: 201 with the design, or 202 with its computation when that takes longer than some seconds. */
  @Post()
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 409, 422, 429, 503)
  @ApiHeader(PREFER_HEADER)
  @ApiCreatedResponse({ type: DesignDto })
  @ApiAcceptedResponse({ type: ComputationDto, description: 'It goes on: its resource says how far it is, and in the end names the design.' })
  async create(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Body() { kind, options = {}, seed, seconds }: CreateDesignDto, @PrefersAsync() atOnce: boolean, @Res({ passthrough: true }) reply: FastifyReply, @Idempotent() repeat?: IdempotentRequest): Promise<DesignDto | ComputationDto> {
    const computation = await this.designs.create(actor, experimentId, { kind, options, seed, seconds }, { atOnce, repeat });
    if (computation.state !== 'done') return accepted(reply, computation);
    return DesignDto.of(await this.designs.get(actor, experimentId, (computation.result as { designId: string }).designId));
  }

  /** One design. */
  @Get(':id')
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  async read(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<DesignDto> {
    const design = await this.designs.get(actor, experimentId, id);
    setEntityTag(reply, design.version);
    return DesignDto.of(design);
  }

  /** Removes a design with its runs. One in whose runs something was measured stays. */
  @Delete(':id')
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 409, 412)
  async remove(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string, @IfMatch() version: number | undefined): Promise<DesignDto> {
    return DesignDto.of(await this.designs.remove(actor, experimentId, id, version));
  }
}
