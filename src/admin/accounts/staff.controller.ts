import { Body, Controller, Delete, Get, Param, ParseUUIDPipe, Patch, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { IfMatch, setEntityTag } from '../../platform/http/entity-tag.js';
import { Refuses } from '../../platform/http/refuses.js';
import { Idempotent, type IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { answerList, type Answer } from '../../platform/lists/answer.js';
import { ListRoute, WantedOf } from '../../platform/lists/list-routes.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { STAFF_LIST } from '../../staff/staff.list.js';
import { StaffService } from '../../staff/staff.service.js';
import { CreateStaffDto, NewStaffDto, StaffDto, UpdateStaffDto } from './staff.dto.js';

@ApiTags('admin')
@Controller('admin/staff')
export class StaffController {
  constructor(private readonly staff: StaffService) {}

  /** Staff members, oldest first; `q` is the beginning of a username or an e-mail address. */
  @Get()
  @Requires(Permission.StaffRead)
  @ListRoute(STAFF_LIST, StaffDto)
  async list(@WantedOf(STAFF_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<StaffDto>> {
    return answerList(reply, wanted, await this.staff.list(wanted), (member) => StaffDto.of(member));
  }

  /** Makes a staff member with a password for one sign-in, which is in this answer alone. */
  @Post()
  @Requires(Permission.StaffWrite)
  @Refuses(409)
  create(@CurrentActor() actor: Actor, @Body() request: CreateStaffDto, @Idempotent() repeat?: IdempotentRequest): Promise<NewStaffDto> {
    return this.staff.create(actor, request, (member, oneTimePassword) => ({ ...StaffDto.of(member), oneTimePassword }), repeat);
  }

  /** One staff member, by id. */
  @Get(':id')
  @Requires(Permission.StaffRead)
  async read(@Param('id', ParseUUIDPipe) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<StaffDto> {
    return answer(await this.staff.get(id), reply);
  }

  /** Changes a staff member; fields that are absent stay as they are. Another level counts at once, and whoever is disabled is signed out at once. */
  @Put(':id')
  @Requires(Permission.StaffWrite)
  @Refuses(409, 412)
  put(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateStaffDto, @IfMatch() version: number | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<StaffDto> {
    return this.patch(actor, id, change, version, reply);
  }

  /** Changes a staff member; fields that are absent stay as they are. Another level counts at once, and whoever is disabled is signed out at once. */
  @Patch(':id')
  @Requires(Permission.StaffWrite)
  @Refuses(409, 412)
  async patch(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateStaffDto, @IfMatch() version: number | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<StaffDto> {
    return answer(await this.staff.update(actor, id, change, version), reply);
  }

  /** Removes a staff member for good and signs them out; to keep the account, set its status to disabled. */
  @Delete(':id')
  @Requires(Permission.StaffWrite)
  @Refuses(412)
  async remove(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @IfMatch() version: number | undefined): Promise<StaffDto> {
    return StaffDto.of(await this.staff.remove(actor, id, version));
  }
}

function answer(record: Parameters<typeof StaffDto.of>[0], reply: FastifyReply): StaffDto {
  setEntityTag(reply, record.version);
  return StaffDto.of(record);
}
