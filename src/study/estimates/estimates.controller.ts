import { Controller, Get, Param, ParseUUIDPipe } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { Refuses } from '../../platform/http/refuses.js';
import { AccuracyDto, DocumentEstimateDto } from './estimates.dto.js';
import { EstimatesService } from './estimates.service.js';

@ApiTags('study')
@Controller()
export class EstimatesController {
  constructor(private readonly estimates: EstimatesService) {}

  /** How long the rest of a document takes and when it may be done, with an interval of 80 % and on how many sessions that rests. */
  @Get('documents/:id/estimate')
  @Requires(Permission.StudyRead)
  @Refuses(404)
  async read(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<DocumentEstimateDto> {
    return DocumentEstimateDto.of(await this.estimates.of(actor, id));
  }

  /** How far off the estimates were that the caller was given, each kept when a session began and held against what came. */
  @Get('study/estimates/accuracy')
  @Requires(Permission.StudyRead)
  async accuracy(@CurrentActor() actor: Actor): Promise<AccuracyDto> {
    return AccuracyDto.of(await this.estimates.accuracy(actor));
  }
}
