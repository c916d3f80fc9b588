import { Controller, Get, Param, ParseUUIDPipe, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Permission } from '../access/permission.js';
import { Requires } from '../access/requires.js';
import { answerList, type Answer } from '../platform/lists/answer.js';
import { ListRoute, WantedOf } from '../platform/lists/list-routes.js';
import type { Wanted } from '../platform/lists/wanted.js';
import { AuditEventDto } from './audit-events.dto.js';
import { AUDIT_EVENTS_LIST } from './audit-events.list.js';
import { AuditTrail } from './audit-trail.js';

@ApiTags('admin')
@Requires(Permission.AuditRead)
@Controller('admin/audit-events')
export class AuditEventsController {
  constructor(private readonly trail: AuditTrail) {}

  /** Who changed what, newest first. `action_like` is how an action begins, such as `users.`. */
  @Get()
  @ListRoute(AUDIT_EVENTS_LIST, AuditEventDto)
  async list(@WantedOf(AUDIT_EVENTS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<AuditEventDto>> {
    return answerList(reply, wanted, await this.trail.list(wanted), (event) => AuditEventDto.of(event));
  }

  /** One audit event. */
  @Get(':id')
  async read(@Param('id', ParseUUIDPipe) id: string): Promise<AuditEventDto> {
    return AuditEventDto.of(await this.trail.get(id));
  }
}
