import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsUUID, ValidateNested } from 'class-validator';
import { IfGiven } from '../../platform/http/if-given.js';
import type { Shown } from '../shown.js';
import { AreTags, TaskDto, UpdateTaskDto } from '../tasks.dto.js';
import { BULK_ACTIONS, type BulkAction } from './bulk.service.js';

const MOST = 200;

export class BulkTasksDto {
  @IsIn(BULK_ACTIONS)
  action!: BulkAction;

  /** Up to 200. */
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(MOST) @IsUUID(undefined, { each: true })
  ids!: string[];

  /** For `update`: what becomes of each. */
  @IfGiven() @ValidateNested() @Type(() => UpdateTaskDto)
  change?: UpdateTaskDto;

  /** For `update`: tags that each gets beside its own. */
  @IfGiven() @AreTags()
  addTags?: string[];

  /** For `update`: tags that each loses. */
  @IfGiven() @AreTags()
  removeTags?: string[];
}

export class BulkResultDto {
  /** In the order of the ids. */
  data!: TaskDto[];

  static of(tasks: readonly Shown[]): BulkResultDto {
    return { data: tasks.map((task) => TaskDto.of(task)) };
  }
}
