import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { AnalyticsDto, AnalyticsQueryDto } from './analytics.dto.js';
import { AnalyticsService } from './analytics.service.js';

@ApiTags('study')
@Controller('study/analytics')
export class AnalyticsController {
  constructor(private readonly analytics: AnalyticsService) {}

  /** What the caller studied by day, topic and document, with streaks, paces and their goal. */
  @Get()
  @Requires(Permission.StudyRead)
  async read(@CurrentActor() actor: Actor, @Query() query: AnalyticsQueryDto): Promise<AnalyticsDto> {
    return AnalyticsDto.of(await this.analytics.of(actor, query));
  }
}
