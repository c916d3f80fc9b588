import { Controller, Get, Param, ParseUUIDPipe, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../access/actor.js';
import { Permission } from '../access/permission.js';
import { Requires } from '../access/requires.js';
import { Refuses } from '../platform/http/refuses.js';
import { answerList, type Answer } from '../platform/lists/answer.js';
import { ListRoute, WantedOf } from '../platform/lists/list-routes.js';
import type { Wanted } from '../platform/lists/wanted.js';
import { AuditEventDto, VerificationDto, VerifyQueryDto } from './audit-events.dto.js';
import { AUDIT_EVENTS_LIST } from './audit-events.list.js';
import { AuditProofService } from './audit-proof.service.js';
import { AuditTrail } from './audit-trail.js';

@ApiTags('admin')
@Requires(Permission.AuditRead)
@Controller('admin/audit-events')
export class AuditEventsController {
  constructor(
    private readonly trail: AuditTrail,
    private readonly proof: AuditProofService,
  ) {}

  /** Who changed what, newest first. `action_like` is how an action begins, such as `users.`. */
  @Get()
  @ListRoute(AUDIT_EVENTS_LIST, AuditEventDto)
  async list(@WantedOf(AUDIT_EVENTS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<AuditEventDto>> {
    return answerList(reply, wanted, await this.trail.list(wanted), (event) => AuditEventDto.of(event));
  }

  /**
   * Verifies that no event was edited, removed, moved, forged or cut off, and names the first that was. Stops after some
   * seconds and hands out a cursor to go on with; the last answer counts for all. A complete verification is itself recorded.
   */
  @Get('verify')
  @Refuses(404)
  async verify(@CurrentActor() actor: Actor, @Query() query: VerifyQueryDto): Promise<VerificationDto> {
    return VerificationDto.of(await this.proof.verify(actor, query));
  }

  /** One audit event. */
  @Get(':id')
  async read(@Param('id', ParseUUIDPipe) id: string): Promise<AuditEventDto> {
    return AuditEventDto.of(await this.trail.get(id));
  }
}
