import { Body, Controller, Get, Param, ParseUUIDPipe, Post, Query, Res } from '@nestjs/common';
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
import { CalibrationDto, CalibrationQueryDto, CreateFeedbackDto, FeedbackDto, FeedbackListDto } from './feedback.dto.js';
import { FeedbackService } from './feedback.service.js';
import { CreatePredictionsDto, PredictionDto, PredictionsDto } from './predictions.dto.js';
import { PREDICTIONS_LIST } from './predictions.list.js';
import { PredictionsService } from './predictions.service.js';

@ApiTags('experiments')
@Controller('experiments/:experimentId')
export class PredictionsController {
  constructor(
    private readonly predictions: PredictionsService,
    private readonly feedback: FeedbackService,
  ) {}

  /** The predictions of a model, first first. */
  @Get('models/:modelId/predictions')
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  @ListRoute(PREDICTIONS_LIST, PredictionDto)
  async list(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('modelId', ParseUUIDPipe) modelId: string, @WantedOf(PREDICTIONS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<PredictionDto>> {
    return answerList(reply, wanted, await this.predictions.list(actor, experimentId, modelId, wanted), (shown) => PredictionDto.of(shown));
  }

  /** Predicts at up to 1,000 points and keeps what was predicted, for feedback. */
  @Post('models/:modelId/predictions')
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 422)
  create(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('modelId', ParseUUIDPipe) modelId: string, @Body() { points, level }: CreatePredictionsDto, @Idempotent() repeat?: IdempotentRequest): Promise<PredictionsDto> {
    return this.predictions.create(actor, experimentId, modelId, points, level, (shown) => ({ data: shown.map((one) => PredictionDto.of(one)) }), repeat);
  }

  /** How good the predictions of a model have been so far: bias, errors, and how often the intervals held what was measured. */
  @Get('models/:modelId/calibration')
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  async calibration(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('modelId', ParseUUIDPipe) modelId: string, @Query() { level }: CalibrationQueryDto): Promise<CalibrationDto> {
    return CalibrationDto.of(await this.feedback.calibration(actor, experimentId, modelId, level));
  }

  /** One prediction. */
  @Get('predictions/:id')
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  async read(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string): Promise<PredictionDto> {
    return PredictionDto.of(await this.predictions.get(actor, experimentId, id));
  }

  /** What was measured at a prediction, and what people think of it. */
  @Get('predictions/:id/feedback')
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  async listFeedback(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string): Promise<FeedbackListDto> {
    return { data: (await this.feedback.list(actor, experimentId, id)).map((shown) => FeedbackDto.of(shown)), nextCursor: null, prevCursor: null };
  }

  /** Says what was measured at a prediction, by a result or a value, or what one thinks of it. */
  @Post('predictions/:id/feedback')
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 409, 422)
  giveFeedback(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string, @Body() request: CreateFeedbackDto, @Idempotent() repeat?: IdempotentRequest): Promise<FeedbackDto> {
    return this.feedback.create(actor, experimentId, id, request, (shown) => FeedbackDto.of(shown), repeat);
  }
}
