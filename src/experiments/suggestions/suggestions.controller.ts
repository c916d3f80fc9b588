import { Body, Controller, Param, ParseUUIDPipe, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiCreatedResponse, ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { PREFER_HEADER, PrefersAsync } from '../../platform/http/prefer.js';
import { Refuses } from '../../platform/http/refuses.js';
import { Idempotent, type IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { accepted } from '../computations/accepted.js';
import { ComputationDto } from '../computations/computations.dto.js';
import { CreateSuggestionsDto, SuggestionsDto } from './suggestions.dto.js';
import { SuggestionsService } from './suggestions.service.js';

@ApiTags('experiments')
@Controller('experiments/:experimentId/suggestions')
export class SuggestionsController {
  constructor(private readonly suggestions: SuggestionsService) {}

  /** Says which runs to make next, learnt from the results so far: 201 with them, or 202 with the computation when that takes longer than some seconds. */
  @Post()
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 409, 422, 429, 503)
  @ApiHeader(PREFER_HEADER)
  @ApiCreatedResponse({ type: SuggestionsDto })
  @ApiAcceptedResponse({ type: ComputationDto, description: 'It goes on: its resource says how far it is, and in the end what is suggested.' })
  async create(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Body() { method, responses, count = 1, seed, limits = [], add = false }: CreateSuggestionsDto, @PrefersAsync() atOnce: boolean, @Res({ passthrough: true }) reply: FastifyReply, @Idempotent() repeat?: IdempotentRequest): Promise<SuggestionsDto | ComputationDto> {
    const computation = await this.suggestions.create(actor, experimentId, { method, responses, count, seed, limits, add }, { atOnce, repeat });
    return computation.state === 'done' ? SuggestionsDto.of(computation) : accepted(reply, computation);
  }
}
