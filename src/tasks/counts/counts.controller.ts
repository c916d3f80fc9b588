import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { TaskCountsDto } from './counts.dto.js';
import { CountsService } from './counts.service.js';

@ApiTags('tasks')
@Controller('tasks/stats')
export class TaskCountsController {
  constructor(private readonly counts: CountsService) {}

  /** How many tasks the caller has, by status and priority, and how many are late. */
  @Get()
  @Requires(Permission.TasksRead)
  async read(@CurrentActor() actor: Actor): Promise<TaskCountsDto> {
    return TaskCountsDto.of(await this.counts.of(actor));
  }
}
