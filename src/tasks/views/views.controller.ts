import { Body, Controller, createParamDecorator, Delete, type ExecutionContext, Get, Param, ParseUUIDPipe, Patch, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { IfMatch, setEntityTag } from '../../platform/http/entity-tag.js';
import { Refuses } from '../../platform/http/refuses.js';
import { Idempotent, type IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { answerList, type Answer } from '../../platform/lists/answer.js';
import { ListRoute } from '../../platform/lists/list-routes.js';
import { TaskDto } from '../tasks.dto.js';
import { TASKS_LIST } from '../tasks.list.js';
import { CreateTaskViewDto, TaskViewDto, TaskViewsDto, UpdateTaskViewDto } from './views.dto.js';
import { ViewsService } from './views.service.js';

/** Unread: what may be in it depends on the view. */
const WholeQuery = createParamDecorator((_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>().query);

@ApiTags('tasks')
@Controller('task-views')
export class TaskViewsController {
  constructor(private readonly views: ViewsService) {}

  /** The caller's saved views by name, all of them. */
  @Get()
  @Requires(Permission.TasksRead)
  async list(@CurrentActor() actor: Actor): Promise<TaskViewsDto> {
    return { data: (await this.views.list(actor)).map((view) => TaskViewDto.of(view)), nextCursor: null, prevCursor: null };
  }

  /** Keeps filters and an order by a name. */
  @Post()
  @Requires(Permission.TasksWrite)
  @Refuses(409, 422)
  create(@CurrentActor() actor: Actor, @Body() request: CreateTaskViewDto, @Idempotent() repeat?: IdempotentRequest): Promise<TaskViewDto> {
    return this.views.create(actor, request, (view) => TaskViewDto.of(view), repeat);
  }

  /** One saved view, without its tasks. */
  @Get(':id')
  @Requires(Permission.TasksRead)
  @Refuses(404)
  async read(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<TaskViewDto> {
    const view = await this.views.get(actor, id);
    setEntityTag(reply, view.version);
    return TaskViewDto.of(view);
  }

  /** The tasks that a view shows. What the query of this request says counts before what the view says. */
  @Get(':id/tasks')
  @Requires(Permission.TasksRead)
  @Refuses(404)
  @ListRoute(TASKS_LIST, TaskDto)
  async tasks(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @WholeQuery() query: Record<string, unknown>, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<TaskDto>> {
    const { wanted, page } = await this.views.read(actor, id, query);
    return answerList(reply, wanted, page, (task) => TaskDto.of(task));
  }

  /** As PATCH: what is not named stays as it is. */
  @Put(':id')
  @Requires(Permission.TasksWrite)
  @Refuses(404, 409, 412)
  replace(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateTaskViewDto, @IfMatch() version: number | undefined): Promise<TaskViewDto> {
    return this.update(actor, id, change, version);
  }

  /** Changes a view; fields that are absent stay as they are. */
  @Patch(':id')
  @Requires(Permission.TasksWrite)
  @Refuses(404, 409, 412)
  async update(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateTaskViewDto, @IfMatch() version: number | undefined): Promise<TaskViewDto> {
    return TaskViewDto.of(await this.views.update(actor, id, change, version));
  }

  /** Removes a view; the tasks stay. */
  @Delete(':id')
  @Requires(Permission.TasksWrite)
  @Refuses(404, 412)
  async remove(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @IfMatch() version: number | undefined): Promise<TaskViewDto> {
    return TaskViewDto.of(await this.views.remove(actor, id, version));
  }
}
