import { Controller, Get, Header, StreamableFile } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission, PrincipalKind } from '../../access/permission.js';
import { Audience, OwnerOnly, Requires } from '../../access/requires.js';
import { Clock } from '../../platform/clock/clock.js';
import { archiveOf } from './archive.js';
import { PersonalData } from './personal-data.js';

@ApiTags('users')
@Audience(PrincipalKind.User)
@Controller('users/me/export')
export class ExportController {
  constructor(
    private readonly data: PersonalData,
    private readonly clock: Clock,
  ) {}

  /** All that is held about the caller, as a ZIP of JSON files, and of the files that the caller gave; its README.txt names each. */
  @Get()
  @RouteConfig({ untimed: true })
  @Requires(Permission.AccountManage)
  @OwnerOnly()
  @Header('cache-control', 'no-store')
  @ApiOkResponse({ content: { 'application/zip': { schema: { type: 'string', format: 'binary' } } } })
  read(@CurrentActor() actor: Actor): StreamableFile {
    const now = this.clock.now();
    const disposition = `attachment; filename="provost-export-${now.toISOString().slice(0, 10)}.zip"`;
    return new StreamableFile(archiveOf(actor.id, this.data, now), { type: 'application/zip', disposition });
  }
}
