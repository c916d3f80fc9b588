import { Body, Controller, Delete, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { Impersonations } from '../../auth/impersonation/impersonations.js';
import { Refuses } from '../../platform/http/refuses.js';
import { EndedImpersonationDto, ImpersonationDto } from './impersonation.dto.js';
import { ReasonDto } from './users-admin.dto.js';

@ApiTags('admin')
@Controller('admin/users/:id/impersonate')
export class ImpersonationController {
  constructor(private readonly impersonations: Impersonations) {}

  /** Answers a token with which an admin sees for 15 minutes what the user sees. It changes nothing; the user is told, and what is looked at is audited. */
  @Post()
  @Requires(Permission.UsersImpersonate)
  @Refuses(404, 409)
  async begin(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { reason }: ReasonDto): Promise<ImpersonationDto> {
    return ImpersonationDto.of(await this.impersonations.begin(actor, id, reason));
  }

  /** Ends what the caller began with this user, before its time. */
  @Delete()
  @Requires(Permission.UsersImpersonate)
  async end(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<EndedImpersonationDto> {
    return { id, ended: await this.impersonations.end(actor, id) };
  }
}
