import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { Refuses } from '../../platform/http/refuses.js';
import { Idempotent, type IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { answerList, type Answer } from '../../platform/lists/answer.js';
import { ListRoute, WantedOf } from '../../platform/lists/list-routes.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { CorrectionDto, CreateResultDto, CreateResultsDto, ResultDto, ResultsDto } from './results.dto.js';
import { RESULTS_LIST } from './results.list.js';
import { ResultsService } from './results.service.js';

@ApiTags('experiments')
@Controller('experiments/:experimentId/results')
export class ResultsController {
  constructor(private readonly results: ResultsService) {}

  /** Measured values with their corrections, oldest first. Of a chain of corrections the last counts. */
  @Get()
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  @ListRoute(RESULTS_LIST, ResultDto)
  async list(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @WantedOf(RESULTS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<ResultDto>> {
    return answerList(reply, wanted, await this.results.list(actor, experimentId, wanted), (shown) => ResultDto.of(shown));
  }

  /** Adds one measured value; a planned run that gets one is made. */
  @Post()
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 422)
  create(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Body() request: CreateResultDto, @Idempotent() repeat?: IdempotentRequest): Promise<ResultDto> {
    return this.results.create(actor, experimentId, [request], (shown) => ResultDto.of(shown[0]!), repeat);
  }

  /** Adds up to 1,000 measured values: all or none. */
  @Post('bulk')
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 422)
  createMany(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Body() { items }: CreateResultsDto, @Idempotent() repeat?: IdempotentRequest): Promise<ResultsDto> {
    return this.results.create(actor, experimentId, items, (shown) => ({ data: shown.map((each) => ResultDto.of(each)) }), repeat);
  }

  /** One measured value. */
  @Get(':id')
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  async read(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string): Promise<ResultDto> {
    return ResultDto.of(await this.results.get(actor, experimentId, id));
  }

  /** Replaces a wrong value by a new one, with the reason; the old one stays. */
  @Post(':id/correct')
  @HttpCode(201)
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 409)
  async correct(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string, @Body() { value, reason }: CorrectionDto): Promise<ResultDto> {
    return ResultDto.of(await this.results.correct(actor, experimentId, id, value, reason));
  }
}
