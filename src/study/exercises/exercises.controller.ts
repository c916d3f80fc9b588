import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Query, Res } from '@nestjs/common';
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
import { AnswerDto, CreateExerciseDto, DueExercisesDto, DueQueryDto, ExerciseDto, RemovedExerciseDto, ReviewDto, UpdateExerciseDto } from './exercises.dto.js';
import { EXERCISES_LIST, REVIEWS_LIST } from './exercises.list.js';
import { ExercisesService } from './exercises.service.js';
import { ReviewsService } from './reviews.service.js';

const SHOWN = 20;

@ApiTags('study')
@Controller('exercises')
export class ExercisesController {
  constructor(
    private readonly exercises: ExercisesService,
    private readonly answers: ReviewsService,
  ) {}

  /** The caller's exercises, newest first. */
  @Get()
  @Requires(Permission.StudyRead)
  @ListRoute(EXERCISES_LIST, ExerciseDto)
  async list(@CurrentActor() actor: Actor, @WantedOf(EXERCISES_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<ExerciseDto>> {
    return answerList(reply, wanted, await this.exercises.list(actor, wanted), (exercise) => ExerciseDto.of(exercise));
  }

  /** What is due now, longest due first. What is due on a day is due from its midnight in the caller's zone. */
  @Get('due')
  @Requires(Permission.StudyRead)
  async due(@CurrentActor() actor: Actor, @Query() { limit = SHOWN, documentId }: DueQueryDto): Promise<DueExercisesDto> {
    return DueExercisesDto.of(await this.exercises.due(actor, limit, documentId));
  }

  /** Every answer the caller gave, newest first, those included that were taken back. */
  @Get('reviews')
  @Requires(Permission.StudyRead)
  @ListRoute(REVIEWS_LIST, ReviewDto)
  async reviews(@CurrentActor() actor: Actor, @WantedOf(REVIEWS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<ReviewDto>> {
    return answerList(reply, wanted, await this.answers.list(actor, wanted), (review) => ReviewDto.of(review));
  }

  /** Adds an exercise to one of the caller's documents; it is due at once. */
  @Post()
  @Requires(Permission.StudyWrite)
  @Refuses(404, 422)
  create(@CurrentActor() actor: Actor, @Body() request: CreateExerciseDto, @Idempotent() repeat?: IdempotentRequest): Promise<ExerciseDto> {
    return this.exercises.create(actor, request, (exercise) => ExerciseDto.of(exercise), repeat);
  }

  /** One exercise. */
  @Get(':id')
  @Requires(Permission.StudyRead)
  @Refuses(404)
  async read(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<ExerciseDto> {
    const exercise = await this.exercises.get(actor, id);
    setEntityTag(reply, exercise.version);
    return ExerciseDto.of(exercise);
  }

  /** Changes what an exercise asks; what is known of it stays. */
  @Patch(':id')
  @Requires(Permission.StudyWrite)
  @Refuses(404, 412, 422)
  async update(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateExerciseDto, @IfMatch() version: number | undefined): Promise<ExerciseDto> {
    return ExerciseDto.of(await this.exercises.update(actor, id, change, version));
  }

  /** Removes an exercise; its answers stay in the log. */
  @Delete(':id')
  @Requires(Permission.StudyWrite)
  @Refuses(404)
  async remove(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<RemovedExerciseDto> {
    return RemovedExerciseDto.of(await this.exercises.remove(actor, id));
  }

  /** Answers an exercise, which is due again accordingly. Of two answers to one showing the second is refused with 409. */
  @Post(':id/reviews')
  @Requires(Permission.StudyWrite)
  @Refuses(404, 409)
  review(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() answer: AnswerDto, @Idempotent() repeat?: IdempotentRequest): Promise<ExerciseDto> {
    return this.answers.answer(actor, id, answer, (exercise) => ExerciseDto.of(exercise), repeat);
  }

  /** Takes the last answer back: the exercise is as it was before. */
  @Post(':id/undo')
  @HttpCode(200)
  @Requires(Permission.StudyWrite)
  @Refuses(404, 409)
  async undo(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<ExerciseDto> {
    return ExerciseDto.of(await this.answers.undo(actor, id));
  }
}
