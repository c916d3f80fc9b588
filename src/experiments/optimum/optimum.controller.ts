import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { Refuses } from '../../platform/http/refuses.js';
import { OptimumQueryDto, SharedOptimumDto, SharedOptimumRequestDto, SingleOptimumDto } from './optimum.dto.js';
import { OptimumService } from './optimum.service.js';

@ApiTags('experiments')
@Controller('experiments/:experimentId/models/:modelId/optimum')
export class OptimumController {
  constructor(private readonly optimum: OptimumService) {}

  /** Where in the region of the parameters the model's response comes nearest to its goal; with its stationary point and the way from the centre. */
  @Get()
  @Requires(Permission.ExperimentsRead)
  @Refuses(404, 422)
  async single(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('modelId', ParseUUIDPipe) modelId: string, @Query() wanted: OptimumQueryDto): Promise<SingleOptimumDto> {
    return SingleOptimumDto.of(await this.optimum.single(actor, experimentId, modelId, wanted));
  }

  /** Where several responses together are most desirable, by their goals, bounds and importance. Nothing is kept. */
  @Post()
  @HttpCode(200)
  @Requires(Permission.ExperimentsRead)
  @Refuses(404, 422)
  async shared(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('modelId', ParseUUIDPipe) modelId: string, @Body() { models = [], constraints = [], seed }: SharedOptimumRequestDto): Promise<SharedOptimumDto> {
    return SharedOptimumDto.of(await this.optimum.shared(actor, experimentId, [modelId, ...models], constraints, seed));
  }
}
