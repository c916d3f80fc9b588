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
import { AdminsService } from '../admins.service.js';
import { CreateAdminDto, NewAdminDto, AdminDto, UpdateAdminDto } from './admins.dto.js';
import { ADMINS_LIST } from './admins.list.js';

@ApiTags('admin')
@Controller('admin/admins')
export class AdminsController {
  constructor(private readonly admins: AdminsService) {}

  /** Admins, oldest first; `q` is the beginning of a username. */
  @Get()
  @Requires(Permission.AdminsRead)
  @ListRoute(ADMINS_LIST, AdminDto)
  async list(@WantedOf(ADMINS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<AdminDto>> {
    return answerList(reply, wanted, await this.admins.list(wanted), (admin) => AdminDto.of(admin));
  }

  /** Makes an admin with a password for one sign-in, which is in this answer alone. Nobody can give permissions that they do not hold. */
  @Post()
  @Requires(Permission.AdminsWrite)
  @Refuses(409)
  create(@CurrentActor() actor: Actor, @Body() request: CreateAdminDto, @Idempotent() repeat?: IdempotentRequest): Promise<NewAdminDto> {
    return this.admins.make(actor, request, (admin, oneTimePassword) => ({ ...AdminDto.of(admin), oneTimePassword }), repeat);
  }

  /** One admin, by id. */
  @Get(':id')
  @Requires(Permission.AdminsRead)
  async read(@Param('id', ParseUUIDPipe) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<AdminDto> {
    return answer(await this.admins.get(id), reply);
  }

  /** Changes an admin; fields that are absent stay as they are. The last active admin who can look after admins can neither be disabled nor lose that permission. */
  @Put(':id')
  @Requires(Permission.AdminsWrite)
  @Refuses(409, 412)
  put(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateAdminDto, @IfMatch() version: number | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<AdminDto> {
    return this.patch(actor, id, change, version, reply);
  }

  /** Changes an admin; fields that are absent stay as they are. The last active admin who can look after admins can neither be disabled nor lose that permission. */
  @Patch(':id')
  @Requires(Permission.AdminsWrite)
  @Refuses(409, 412)
  async patch(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateAdminDto, @IfMatch() version: number | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<AdminDto> {
    return answer(await this.admins.update(actor, id, change, version), reply);
  }

  /** Removes an admin for good and signs them out; to keep the account, set its status to disabled. Never the last active admin who can look after admins. */
  @Delete(':id')
  @Requires(Permission.AdminsWrite)
  @Refuses(409, 412)
  async remove(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @IfMatch() version: number | undefined): Promise<AdminDto> {
    return AdminDto.of(await this.admins.remove(actor, id, version));
  }
}

function answer(record: Parameters<typeof AdminDto.of>[0], reply: FastifyReply): AdminDto {
  setEntityTag(reply, record.version);
  return AdminDto.of(record);
}
