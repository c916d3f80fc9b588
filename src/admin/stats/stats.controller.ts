import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { Clock } from '../../platform/clock/clock.js';
import { daysBetween, lastDays, utcDay } from '../../platform/clock/days.js';
import { ValidationFailed } from '../../platform/problems/problems.js';
import { type DaySums, StatsReader } from '../../stats/stats-reader.js';
import { type StatsDayDto, StatsDto, StatsQueryDto, type StatsSumsDto } from './stats.dto.js';

const MOST_DAYS = 400;
const SUMMED = ['signUps', 'deletions', 'signIns', 'conversations', 'messages', 'promptTokens', 'completionTokens', 'refusals', 'limitRefusals', 'creditRefusals', 'creditsSpent'] as const;

@ApiTags('admin')
@Controller('admin/stats')
export class StatsController {
  constructor(
    private readonly stats: StatsReader,
    private readonly clock: Clock,
  ) {}

  /** What happened on each day of a period of up to 400 days, the last thirty without one. Days are those of UTC. */
  @Get()
  @Requires(Permission.StatsRead)
  async read(@Query() query: StatsQueryDto): Promise<StatsDto> {
    const to = query.to ?? utcDay(this.clock.now());
    const from = query.from ?? lastDays(to, 30);
    const length = daysBetween(from, to);
    if (length < 1 || length > MOST_DAYS) throw new ValidationFailed([{ pointer: '/from', code: 'range', detail: `Ask for 1 to ${MOST_DAYS} days.` }]);
    await this.stats.refresh();
    const days = (await this.stats.days({ from, to })).map(withRefusals);
    const [topUsers, topModels] = await Promise.all([this.stats.topUsers({ from, to }, query.top), this.stats.topModels({ from, to }, query.top)]);
    return { from, to, days, totals: totalsOf(days), topUsers, topModels };
  }
}

function withRefusals(day: DaySums & { day: string }): StatsDayDto {
  return { ...day, refusals: day.limitRefusals + day.creditRefusals };
}

function totalsOf(days: readonly StatsDayDto[]): StatsSumsDto {
  return Object.fromEntries(SUMMED.map((name) => [name, days.reduce((sum, day) => sum + day[name], 0)])) as unknown as StatsSumsDto;
}
