import { Body, Controller, Delete, Get, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { Refuses } from '../../platform/http/refuses.js';
import { EndedShareDto, SharedDto, ShareDto, SharesDto } from './shares.dto.js';
import { SharesService } from './shares.service.js';

@ApiTags('experiments')
@Controller('experiments/:experimentId/shares')
export class SharesController {
  constructor(private readonly shares: SharesService) {}

  /** With whom an experiment is shared. */
  @Get()
  @Requires(Permission.ExperimentsRead)
  @Refuses(404)
  async list(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string): Promise<SharesDto> {
    const shares = await this.shares.list(actor, experimentId);
    return { data: shares.map((shared) => SharedDto.of(shared)), nextCursor: null, prevCursor: null };
  }

  /** Shares an experiment with a user, or changes the role of one it is shared with. By its owner. */
  @Post()
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404, 422)
  async share(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Body() { username, role }: ShareDto): Promise<SharedDto> {
    return SharedDto.of(await this.shares.share(actor, experimentId, username, role));
  }

  /** Ends sharing with a user: by the owner, or by that user. */
  @Delete(':userId')
  @Requires(Permission.ExperimentsWrite)
  @Refuses(403, 404)
  async end(@CurrentActor() actor: Actor, @Param('experimentId', ParseUUIDPipe) experimentId: string, @Param('userId', ParseUUIDPipe) userId: string): Promise<EndedShareDto> {
    const { role } = await this.shares.end(actor, experimentId, userId);
    return { id: userId, role };
  }
}
