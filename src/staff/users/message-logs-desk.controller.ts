import { Controller, Get, Param, ParseUUIDPipe, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { MessageLogDesk } from '../../message-logs/message-log-desk.js';
import { USER_MESSAGE_LOGS_LIST } from '../../message-logs/message-logs.list.js';
import { Reason, REASON_HEADER } from '../../platform/http/reason-header.js';
import { Refuses } from '../../platform/http/refuses.js';
import { answerList, type Answer } from '../../platform/lists/answer.js';
import { PageRoute, WantedOf } from '../../platform/lists/list-routes.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { UsersService } from '../../users/users.service.js';
import { Looks } from './looks.js';
import { DeskMessageLogDto, DeskMessageLogListDto, DeskReadMessageLogDto } from './message-logs-desk.dto.js';

@ApiTags('staff')
@Controller('staff/users/:id/message-logs')
export class MessageLogsDeskController {
  constructor(
    private readonly logs: MessageLogDesk,
    private readonly users: UsersService,
    private readonly looks: Looks,
  ) {}

  /** A user's conversations without their text, the newest first. */
  @Get()
  @Requires(Permission.MessagesRead)
  @ApiHeader(REASON_HEADER)
  @PageRoute(USER_MESSAGE_LOGS_LIST, DeskMessageLogListDto)
  @Refuses(404)
  async list(
    @CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @WantedOf(USER_MESSAGE_LOGS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply, @Reason() reason?: string,
  ): Promise<Answer<DeskMessageLogDto>> {
    await this.users.get(id);
    const page = await this.logs.listOf(id, wanted);
    await this.looks.note(actor, 'message-logs', id, reason);
    return answerList(reply, wanted, page, (log) => DeskMessageLogDto.of(log));
  }

  /** One conversation; with a reason, its text as well. Either look stays in the audit. */
  @Get(':logId')
  @Requires(Permission.MessagesRead)
  @ApiHeader(REASON_HEADER)
  @Refuses(404)
  async read(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Param('logId', ParseUUIDPipe) logId: string, @Reason() reason?: string): Promise<DeskReadMessageLogDto> {
    await this.users.get(id);
    return DeskReadMessageLogDto.with(await this.logs.look(actor, logId, reason, id));
  }
}
