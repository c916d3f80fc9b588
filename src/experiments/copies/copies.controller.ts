import { Body, Controller, Get, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { Refuses } from '../../platform/http/refuses.js';
import { Idempotent, type IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { ExperimentDto } from '../experiments.dto.js';
import { CopiesService } from './copies.service.js';
import { DuplicateDto, ExperimentFileDto } from './experiment-file.dto.js';

const LARGEST = 10 * 1024 * 1024;

@ApiTags('experiments')
@Controller('experiments')
export class CopiesController {
  constructor(private readonly copies: CopiesService) {}

  /** An experiment with everything in it as JSON that `POST /experiments/import` reads, here or in another installation. */
  @Get(':id/export')
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  export(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<ExperimentFileDto> {
    return this.copies.export(actor, id);
  }

  /** Makes an experiment of the caller out of what an export says. Each part is held to what its own route asks; ids are made anew. */
  @Post('import')
  @RouteConfig({ largestBody: LARGEST })
  @Requires(Permission.ExperimentsWrite)
  @Refuses(413, 422)
  @ApiBody({ type: ExperimentFileDto })
  import(@CurrentActor() actor: Actor, @Body() file: object, @Idempotent() repeat?: IdempotentRequest): Promise<ExperimentDto> {
    return this.copies.import(actor, file, (opened) => ExperimentDto.of(opened), repeat);
  }

  /** Makes a copy that belongs to the caller, of an experiment that they see. Its versions and shares stay behind. */
  @Post(':id/duplicate')
  @Requires(Permission.ExperimentsWrite)
  @Refuses(404)
  duplicate(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() request: DuplicateDto, @Idempotent() repeat?: IdempotentRequest): Promise<ExperimentDto> {
    return this.copies.duplicate(actor, id, request, (opened) => ExperimentDto.of(opened), repeat);
  }
}
