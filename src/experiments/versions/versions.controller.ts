import { Controller, Get, HttpCode, Param, ParseIntPipe, ParseUUIDPipe, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { IfMatch } from '../../platform/http/entity-tag.js';
import { Refuses } from '../../platform/http/refuses.js';
import { answerList, type Answer } from '../../platform/lists/answer.js';
import { ListRoute, WantedOf } from '../../platform/lists/list-routes.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { DifferenceDto, RestoredVersionDto, RowChangeDto, VersionDto, VersionStateDto } from './versions.dto.js';
import { VERSIONS_LIST } from './versions.list.js';
import { VersionsService } from './versions.service.js';

@ApiTags('experiments')
@Controller('experiments/:experimentId/versions')
export class VersionsController {
  constructor(private readonly versions: VersionsService) {}

  /** What was done to an experiment, last first. */
  @Get()
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  @ListRoute(VERSIONS_LIST, VersionDto)
  async list(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @WantedOf(VERSIONS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<VersionDto>> {
    return answerList(reply, wanted, await this.versions.list(actor, experimentId, wanted), (version) => VersionDto.of(version));
  }

  /** One version, with everything in the experiment as it was then. */
  @Get(':number')
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  async read(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('number', ParseIntPipe) number: number): Promise<VersionStateDto> {
    const { version, state } = await this.versions.read(actor, experimentId, number);
    return VersionStateDto.withState(version, state);
  }

  /** What is different in another version: the changes that would make the one of the other. */
  @Get(':number/diff')
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  async compare(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('number', ParseIntPipe) from: number, @Query('with', ParseIntPipe) to: number): Promise<DifferenceDto> {
    return { from, to, changes: (await this.versions.compare(actor, experimentId, from, to)).map((change) => RowChangeDto.of(change)) };
  }

  /** Makes everything what it was then, as a new version. What was measured since stays, and so does what it rests on. */
  @Post(':number/restore')
  @HttpCode(200)
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 409, 412)
  async restore(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('number', ParseIntPipe) number: number, @IfMatch() version: number | undefined): Promise<RestoredVersionDto> {
    return RestoredVersionDto.of(await this.versions.restore(actor, experimentId, number, version));
  }
}
