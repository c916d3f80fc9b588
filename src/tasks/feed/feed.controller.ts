import { Controller, Delete, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { Refuses } from '../../platform/http/refuses.js';
import { MadeTaskFeedDto, TaskFeedDto } from './feed.dto.js';
import { FeedService } from './feed.service.js';

@ApiTags('tasks')
@Controller('tasks/feed')
export class TaskFeedController {
  constructor(private readonly feeds: FeedService) {}

  /** Whether there is a calendar of the caller's tasks, and since when. Its address is not told again. */
  @Get()
  @Requires(Permission.TasksRead)
  @Refuses(404)
  async read(@CurrentActor() actor: Actor): Promise<TaskFeedDto> {
    return TaskFeedDto.of(await this.feeds.get(actor));
  }

  /** Makes a calendar of the caller's tasks, to subscribe to by a secret address, or gives it another address: the former one is dead at once. */
  @Post()
  @Requires(Permission.TasksWrite)
  async make(@CurrentActor() actor: Actor): Promise<MadeTaskFeedDto> {
    return MadeTaskFeedDto.of(await this.feeds.make(actor));
  }

  /** Ends the calendar; its address is dead at once. */
  @Delete()
  @Requires(Permission.TasksWrite)
  @Refuses(404)
  async revoke(@CurrentActor() actor: Actor): Promise<TaskFeedDto> {
    return TaskFeedDto.of(await this.feeds.revoke(actor));
  }
}
