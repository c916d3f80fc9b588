import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { Refuses } from '../../platform/http/refuses.js';
import { DesignQuestions } from './design-questions.js';
import { DesignPropertiesDto, LimitsDto, LimitsRequestDto, PropertiesQuery, RepairDto, RepairRequestDto, SeparateRequestDto, SeparationDto } from './design-questions.dto.js';

@ApiTags('experiments')
@Controller('experiments/:experimentId/designs')
export class DesignQuestionsController {
  constructor(private readonly questions: DesignQuestions) {}

  /** What the runs of a design promise for a model: efficiencies, inflation, correlations, power. */
  @Get(':id/properties')
  @Requires(Permission.ExperimentsRead)
  @Refuses(404, 422, 503)
  async properties(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('id', ParseUUIDPipe) id: string, @Query() { terms, model, ...effect }: PropertiesQuery): Promise<DesignPropertiesDto> {
    return DesignPropertiesDto.of(await this.questions.properties(actor, experimentId, id, { ...effect, model: terms ?? model }));
  }

  /** What the runs of the experiment cannot tell: aliases, bias by effects left out, power at the smallest effect that matters. */
  @Post('limits')
  @HttpCode(200)
  @Requires(Permission.ExperimentsRead)
  @Refuses(404, 422, 503)
  limits(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Body() request: LimitsRequestDto): Promise<LimitsDto> {
    return this.questions.limits(actor, experimentId, request);
  }

  /** The fewest runs found that tell a pair of terms apart; with `add` they are added as planned ones. */
  @Post('separate')
  @HttpCode(200)
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 409, 422, 503)
  async separate(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Body() request: SeparateRequestDto): Promise<SeparationDto> {
    return SeparationDto.of(await this.questions.separate(actor, experimentId, request));
  }

  /** What can still be estimated without the runs that failed or were abandoned, and the one run that restores most; with `add` it is added as a planned one. */
  @Post('repair')
  @HttpCode(200)
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 409, 422, 503)
  async repair(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Body() request: RepairRequestDto): Promise<RepairDto> {
    return RepairDto.of(await this.questions.repair(actor, experimentId, request));
  }
}
