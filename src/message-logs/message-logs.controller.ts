import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiHeader, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../access/actor.js';
import { Permission } from '../access/permission.js';
import { Requires, ServesOutage } from '../access/requires.js';
import { Idempotent, type IdempotentRequest } from '../platform/idempotency/idempotent-request.js';
import { actingUserId } from '../users/acting-user.js';
import { MessageLogReader } from './message-log-reader.js';
import {
  MessageLogDto, MessageLogItemDto, MessageLogItemsDto, MessageLogListDto, MessageLogListQueryDto, MessageLogQueryDto, MessageLogsTakenDto, PostMessageLogsDto,
} from './message-logs.dto.js';
import { MessageLogsService } from './message-logs.service.js';

@ApiTags('message-logs')
@Controller('message-logs')
export class MessageLogsController {
  constructor(
    private readonly messageLogs: MessageLogsService,
    private readonly reader: MessageLogReader,
  ) {}

  /**
   * Hands over one conversation, or up to 500 as `items`. After the 202 they are durable, exactly once: an id that was
   * there before is a duplicate and changes nothing.
   */
  @Post()
  @HttpCode(202)
  @Requires(Permission.MessagesWrite)
  @ServesOutage()
  @ApiExtraModels(MessageLogItemDto, MessageLogItemsDto)
  @ApiBody({ schema: { oneOf: [{ $ref: getSchemaPath(MessageLogItemDto) }, { $ref: getSchemaPath(MessageLogItemsDto) }] } })
  @ApiHeader({ name: 'idempotency-key', required: false, description: 'Up to 255 characters. Items without an id get one made of this, so that a repeat is a duplicate.' })
  post(@CurrentActor() actor: Actor, @Body() request: PostMessageLogsDto, @Idempotent() repeatable?: IdempotentRequest): Promise<MessageLogsTakenDto> {
    return this.messageLogs.post(actor, request, repeatable?.key);
  }

  /** The caller's logs (with a service key, those of `userId`), newest first. */
  @Get()
  @Requires(Permission.MessagesRead)
  list(@CurrentActor() actor: Actor, @Query() query: MessageLogListQueryDto): Promise<MessageLogListDto> {
    return this.reader.list(actingUserId(actor, query.userId), query);
  }

  /** One log with its messages, by the id it was posted with. */
  @Get(':id')
  @Requires(Permission.MessagesRead)
  read(@CurrentActor() actor: Actor, @Param('id') id: string, @Query() { userId }: MessageLogQueryDto): Promise<MessageLogDto> {
    return this.reader.get(actingUserId(actor, userId), id);
  }
}
