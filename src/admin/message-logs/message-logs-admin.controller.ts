import { Controller, Get, Param, ParseUUIDPipe, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { MessageLogDesk } from '../../message-logs/message-log-desk.js';
import { MESSAGE_LOGS_LIST } from '../../message-logs/message-logs.list.js';
import { Reason, REASON_HEADER } from '../../platform/http/reason-header.js';
import { Refuses } from '../../platform/http/refuses.js';
import { answerList, type Answer } from '../../platform/lists/answer.js';
import { ListRoute, WantedOf } from '../../platform/lists/list-routes.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { AdminMessageLogDto, AdminReadMessageLogDto } from './message-logs-admin.dto.js';

@ApiTags('admin')
@Controller('admin/message-logs')
export class MessageLogsAdminController {
  constructor(private readonly logs: MessageLogDesk) {}

  /** Everybody's conversations without their text, those that arrived last first. */
  @Get()
  @Requires(Permission.MessagesRead)
  @ListRoute(MESSAGE_LOGS_LIST, AdminMessageLogDto)
  async list(@WantedOf(MESSAGE_LOGS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<AdminMessageLogDto>> {
    return answerList(reply, wanted, await this.logs.list(wanted), (log) => AdminMessageLogDto.of(log));
  }

  /** One conversation; with a reason, its text as well. Either look stays in the audit. */
  @Get(':id')
  @Requires(Permission.MessagesRead)
  @ApiHeader(REASON_HEADER)
  @Refuses(404)
  async read(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Reason() reason?: string): Promise<AdminReadMessageLogDto> {
    return AdminReadMessageLogDto.with(await this.logs.look(actor, id, reason));
  }
}
