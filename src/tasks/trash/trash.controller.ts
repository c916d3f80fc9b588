import { Controller, Delete, Get, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { answerList, type Answer } from '../../platform/lists/answer.js';
import { ListRoute, WantedOf } from '../../platform/lists/list-routes.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { TaskDto } from '../tasks.dto.js';
import { TRASH_LIST } from '../tasks.list.js';
import { EmptiedTrashDto } from './trash.dto.js';
import { TrashService } from './trash.service.js';

@ApiTags('tasks')
@Controller('tasks/trash')
export class TaskTrashController {
  constructor(private readonly trash: TrashService) {}

  /** The caller's tasks that were deleted and can still be restored, the last ones first. */
  @Get()
  @Requires(Permission.TasksRead)
  @ListRoute(TRASH_LIST, TaskDto)
  async list(@CurrentActor() actor: Actor, @WantedOf(TRASH_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<TaskDto>> {
    return answerList(reply, wanted, await this.trash.list(actor, wanted), (task) => TaskDto.of(task));
  }

  /** Removes all that is in the trash, for good. */
  @Delete()
  @Requires(Permission.TasksWrite)
  empty(@CurrentActor() actor: Actor): Promise<EmptiedTrashDto> {
    return this.trash.empty(actor);
  }
}
