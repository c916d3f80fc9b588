import { Body, Controller, Delete, Get, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { Refuses } from '../../platform/http/refuses.js';
import { Idempotent, type IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { CreateModelDto, ModelDto, ModelsDto, WholeModelDto } from './models.dto.js';
import { ModelsService } from './models.service.js';

@ApiTags('experiments')
@Controller('experiments/:experimentId/models')
export class ModelsController {
  constructor(private readonly models: ModelsService) {}

  /** The models that were fitted, last first, with their headline figures. */
  @Get()
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  async list(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string): Promise<ModelsDto> {
    return { data: (await this.models.list(actor, experimentId)).map((model) => ModelDto.of(model)), nextCursor: null, prevCursor: null };
  }

  /** Fits a model to the results of one response. Failed and abandoned runs do not join; the answer says what was left out. */
  @Post()
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 409, 422)
  create(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Body() request: CreateModelDto, @Idempotent() repeat?: IdempotentRequest): Promise<WholeModelDto> {
    return this.models.create(actor, experimentId, request, (model) => WholeModelDto.of(model), repeat);
  }

  /** One model with its data and all figures. */
  @Get(':id')
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  async read(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string): Promise<WholeModelDto> {
    return WholeModelDto.of(await this.models.get(actor, experimentId, id));
  }

  /** Removes a model and its predictions; one whose predictions have feedback stays. */
  @Delete(':id')
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 409)
  async remove(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string): Promise<ModelDto> {
    return ModelDto.of(await this.models.remove(actor, experimentId, id));
  }
}
