import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../access/actor.js';
import { Permission } from '../access/permission.js';
import { Requires } from '../access/requires.js';
import { IfMatch, setEntityTag } from '../platform/http/entity-tag.js';
import { Refuses } from '../platform/http/refuses.js';
import { Idempotent, type IdempotentRequest } from '../platform/idempotency/idempotent-request.js';
import { answerList, type Answer } from '../platform/lists/answer.js';
import { ListRoute, WantedOf } from '../platform/lists/list-routes.js';
import type { Wanted } from '../platform/lists/wanted.js';
import { CompletedTaskDto, CreateTaskDto, MoveTaskDto, TaskDto, UpdateTaskDto } from './tasks.dto.js';
import { TASKS_LIST } from './tasks.list.js';
import { TasksService } from './tasks.service.js';
import { PurgedTaskDto } from './trash/trash.dto.js';
import { TrashService } from './trash/trash.service.js';

@ApiTags('tasks')
@Controller('tasks')
export class TasksController {
  constructor(
    private readonly tasks: TasksService,
    private readonly trash: TrashService,
  ) {}

  /**
   * The caller's tasks, made last first. A board is a column of it: `status=pending&sort=position`. `q` finds words, or beginnings of words, of titles,
   * descriptions and tags; `due` is overdue, today, week or none; `parentId=none` leaves out what is a part of something.
   */
  @Get()
  @Requires(Permission.TasksRead)
  @ListRoute(TASKS_LIST, TaskDto)
  async list(@CurrentActor() actor: Actor, @WantedOf(TASKS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<TaskDto>> {
    return answerList(reply, wanted, await this.tasks.list(actor, wanted), (task) => TaskDto.of(task));
  }

  /** Makes a task. */
  @Post()
  @Requires(Permission.TasksWrite)
  @Refuses(404, 422)
  create(@CurrentActor() actor: Actor, @Body() request: CreateTaskDto, @Idempotent() repeat?: IdempotentRequest): Promise<TaskDto> {
    return this.tasks.create(actor, request, (task) => TaskDto.of(task), repeat);
  }

  /** One task that is not in the trash. */
  @Get(':id')
  @Requires(Permission.TasksRead)
  @Refuses(404)
  async read(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<TaskDto> {
    const found = await this.tasks.get(actor, id);
    setEntityTag(reply, found.task.version);
    return TaskDto.of(found);
  }

  /** As PATCH: what is not named stays as it is. */
  @Put(':id')
  @Requires(Permission.TasksWrite)
  @Refuses(404, 412, 422)
  replace(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateTaskDto, @IfMatch() version: number | undefined): Promise<TaskDto> {
    return this.update(actor, id, change, version);
  }

  /** Changes a task; fields that are absent stay as they are. */
  @Patch(':id')
  @Requires(Permission.TasksWrite)
  @Refuses(404, 412, 422)
  async update(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateTaskDto, @IfMatch() version: number | undefined): Promise<TaskDto> {
    return TaskDto.of(await this.tasks.update(actor, id, change, version));
  }

  /** Completes a task; one that recurs makes the next. A completed one stays as it is. */
  @Patch(':id/complete')
  @Requires(Permission.TasksWrite)
  @Refuses(404)
  async complete(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<CompletedTaskDto> {
    return CompletedTaskDto.of(await this.tasks.complete(actor, id));
  }

  /** Makes a completed task pending again. The next one, if it made one, stays. */
  @Patch(':id/reopen')
  @Requires(Permission.TasksWrite)
  @Refuses(404)
  async reopen(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<TaskDto> {
    return TaskDto.of(await this.tasks.reopen(actor, id));
  }

  /** Puts a task into a column of the board: right beside another task, or at the end. */
  @Post(':id/move')
  @HttpCode(200)
  @Requires(Permission.TasksWrite)
  @Refuses(404, 422)
  async move(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() move: MoveTaskDto): Promise<TaskDto> {
    return TaskDto.of(await this.tasks.move(actor, id, move));
  }

  /** Puts a task into the trash, with all that is a part of it. */
  @Delete(':id')
  @Requires(Permission.TasksWrite)
  @Refuses(404, 412)
  async remove(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @IfMatch() version: number | undefined): Promise<TaskDto> {
    return TaskDto.of(await this.trash.put(actor, id, version));
  }

  /** Brings a task back from the trash, with all that went there together with it. */
  @Post(':id/restore')
  @HttpCode(200)
  @Requires(Permission.TasksWrite)
  @Refuses(404)
  async restore(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<TaskDto> {
    return TaskDto.of(await this.trash.restore(actor, id));
  }

  /** Removes a task in the trash for good, with what went there together with it. */
  @Post(':id/purge')
  @HttpCode(200)
  @Requires(Permission.TasksWrite)
  @Refuses(404)
  async purge(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<PurgedTaskDto> {
    return PurgedTaskDto.of(await this.trash.purge(actor, id));
  }
}
