import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../access/requires.js';
import { IfNoneMatch } from '../../platform/http/entity-tag.js';
import { Refuses } from '../../platform/http/refuses.js';
import { CalendarQueryDto } from './feed.dto.js';
import { FeedService } from './feed.service.js';

@ApiTags('tasks')
@Controller('tasks/calendar.ics')
export class TaskCalendarController {
  constructor(private readonly feeds: FeedService) {}

  /** The tasks of whoever made this address, as a calendar (RFC 5545) to subscribe to. The secret stands in the query, which is not logged. */
  @Get()
  @Public()
  @Refuses(404)
  @ApiOkResponse({ content: { 'text/calendar': { schema: { type: 'string' } } } })
  async read(@Query() { secret, as }: CalendarQueryDto, @IfNoneMatch() known: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const { tag, text } = await this.feeds.calendar(secret, as ?? 'todos');
    void reply.header('etag', tag).header('cache-control', 'private, no-cache');
    if (known === tag) await reply.status(304).send();
    else await reply.header('content-type', 'text/calendar; charset=utf-8').send(await text());
  }
}
