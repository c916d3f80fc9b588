import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Res } from '@nestjs/common';
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
import { FinishSessionDto, ManualSessionDto, RemovedSessionDto, StartSessionDto, StudySessionDto, UpdateSessionDto } from './sessions.dto.js';
import { STUDY_SESSIONS_LIST } from './sessions.list.js';
import { StudySessions } from './study-sessions.service.js';
import { TimedSessions } from './timed-sessions.service.js';
import { ToldSessions } from './told-sessions.service.js';

@ApiTags('study')
@Controller('study-sessions')
export class StudySessionsController {
  constructor(
    private readonly sessions: StudySessions,
    private readonly timed: TimedSessions,
    private readonly told: ToldSessions,
  ) {}

  /** The caller's study sessions, begun last first. */
  @Get()
  @Requires(Permission.StudyRead)
  @ListRoute(STUDY_SESSIONS_LIST, StudySessionDto)
  async list(@CurrentActor() actor: Actor, @WantedOf(STUDY_SESSIONS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<StudySessionDto>> {
    return answerList(reply, wanted, await this.sessions.list(actor, wanted), (timer) => StudySessionDto.of(timer));
  }

  /** Starts a session that the server times. Nobody has two open: while there is one, 409 names it in `sessionId`. */
  @Post()
  @Requires(Permission.StudyWrite)
  @Refuses(404, 409)
  start(@CurrentActor() actor: Actor, @Body() request: StartSessionDto, @Idempotent() repeat?: IdempotentRequest): Promise<StudySessionDto> {
    return this.timed.start(actor, request, (timer) => StudySessionDto.of(timer), repeat);
  }

  /** Adds a session that is over and was not timed here. It must not overlap another one. */
  @Post('manual')
  @Requires(Permission.StudyWrite)
  @Refuses(404, 409, 422)
  add(@CurrentActor() actor: Actor, @Body() request: ManualSessionDto, @Idempotent() repeat?: IdempotentRequest): Promise<StudySessionDto> {
    return this.told.add(actor, ManualSessionDto.told(request), (timer) => StudySessionDto.of(timer), repeat);
  }

  /** One study session with its intervals. */
  @Get(':id')
  @Requires(Permission.StudyRead)
  @Refuses(404)
  async read(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<StudySessionDto> {
    const timer = await this.sessions.get(actor, id);
    setEntityTag(reply, timer.session.version);
    return StudySessionDto.of(timer);
  }

  /** Changes a finished session; the change is kept in the audit trail. Other times make it a manual session. */
  @Patch(':id')
  @Requires(Permission.StudyWrite)
  @Refuses(404, 409, 412, 422)
  async update(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateSessionDto, @IfMatch() version: number | undefined): Promise<StudySessionDto> {
    return StudySessionDto.of(await this.told.update(actor, id, UpdateSessionDto.change(change), version));
  }

  /** Removes a session, with its time from the analytics. */
  @Delete(':id')
  @Requires(Permission.StudyWrite)
  @Refuses(404)
  async remove(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<RemovedSessionDto> {
    return RemovedSessionDto.of(await this.told.remove(actor, id));
  }

  /** Stops the clock until `resume`. What is paused stays so. */
  @Post(':id/pause')
  @HttpCode(200)
  @Requires(Permission.StudyWrite)
  @Refuses(404, 409)
  async pause(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<StudySessionDto> {
    return StudySessionDto.of(await this.timed.pause(actor, id));
  }

  /** Lets the clock run again. What runs goes on. */
  @Post(':id/resume')
  @HttpCode(200)
  @Requires(Permission.StudyWrite)
  @Refuses(404, 409)
  async resume(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<StudySessionDto> {
    return StudySessionDto.of(await this.timed.resume(actor, id));
  }

  /** A sign of life, once a minute or so: without one for the idle time the session pauses at the last one. */
  @Post(':id/heartbeat')
  @HttpCode(204)
  @Requires(Permission.StudyWrite)
  @Refuses(404, 409)
  async beat(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    await this.timed.beat(actor, id);
  }

  /** Ends a session and says what was read. What was paused ends where it was paused. */
  @Post(':id/finish')
  @HttpCode(200)
  @Requires(Permission.StudyWrite)
  @Refuses(404, 409, 422)
  finish(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() done: FinishSessionDto, @Idempotent() repeat?: IdempotentRequest): Promise<StudySessionDto> {
    return this.timed.finish(actor, id, done, (timer) => StudySessionDto.of(timer), repeat);
  }
}
