import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { Refuses } from '../../platform/http/refuses.js';
import { Idempotent, type IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { BulkResultDto, BulkTasksDto } from './bulk.dto.js';
import { BulkService } from './bulk.service.js';

@ApiTags('tasks')
@Controller('tasks/bulk')
export class TaskBulkController {
  constructor(private readonly bulk: BulkService) {}

  /** Changes, deletes or restores many tasks: all of them or, where one is not there or refuses, none. */
  @Post()
  @HttpCode(200)
  @Requires(Permission.TasksWrite)
  @Refuses(404, 422)
  run(@CurrentActor() actor: Actor, @Body() request: BulkTasksDto, @Idempotent() repeat?: IdempotentRequest): Promise<BulkResultDto> {
    return this.bulk.run(actor, request, (tasks) => BulkResultDto.of(tasks), repeat);
  }
}
