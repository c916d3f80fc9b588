import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Put, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { AccountRemoval } from '../../auth/account/account-removal.js';
import { Bans } from '../../auth/account/bans.js';
import { IfMatch, setEntityTag } from '../../platform/http/entity-tag.js';
import { Reason, REASON_HEADER } from '../../platform/http/reason-header.js';
import { Refuses } from '../../platform/http/refuses.js';
import { answerList, type Answer } from '../../platform/lists/answer.js';
import { ListRoute, WantedOf } from '../../platform/lists/list-routes.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import type { UserSnapshot } from '../../users/user-snapshot.js';
import { USERS_BY_PLAN_LIST, UsersByPlan } from '../../usage/users-by-plan.js';
import { UsersService } from '../../users/users.service.js';
import { AdminUserDto, BanDto, CreateUserDto, DeletedUserDto, DeleteUserDto, EndedUserSessionsDto, EraseDto, ErasedUserDto, ReasonDto, UnbanDto, UpdateUserDto } from './users-admin.dto.js';
import { UsersAdminService } from './users-admin.service.js';

@ApiTags('admin')
@Controller('admin/users')
export class UsersAdminController {
  constructor(
    private readonly admin: UsersAdminService,
    private readonly users: UsersService,
    private readonly byPlan: UsersByPlan,
    private readonly removal: AccountRemoval,
    private readonly bans: Bans,
  ) {}

  /** Makes a user, with a password, with a hash that another system made, or with neither. */
  @Post()
  @Requires(Permission.UsersWrite)
  @Refuses(409)
  async create(@CurrentActor() actor: Actor, @Body() request: CreateUserDto): Promise<AdminUserDto> {
    return AdminUserDto.of(await this.admin.create(actor, request));
  }

  /** Users, those who came last first; `q` is the beginning of a username or an e-mail address. */
  @Get()
  @Requires(Permission.UsersRead)
  @ListRoute(USERS_BY_PLAN_LIST, AdminUserDto)
  async list(@WantedOf(USERS_BY_PLAN_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<AdminUserDto>> {
    return answerList(reply, wanted, await this.byPlan.list(wanted), (user) => AdminUserDto.of(user));
  }

  /** One user, as admins see it. */
  @Get(':id')
  @Requires(Permission.UsersRead)
  @Refuses(404)
  async read(@Param('id', ParseUUIDPipe) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<AdminUserDto> {
    return tagged(reply, await this.users.get(id));
  }

  /** Changes a user; fields that are absent stay as they are. */
  @Patch(':id')
  @Requires(Permission.UsersWrite)
  @ApiHeader(REASON_HEADER)
  @Refuses(404, 409, 412)
  async update(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateUserDto, @IfMatch() version: number | undefined, @Reason() reason: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<AdminUserDto> {
    return tagged(reply, await this.admin.update(actor, id, change, reason, version));
  }

  /** As PATCH: panels send a record back whole, or the fields to change in many. */
  @Put(':id')
  @Requires(Permission.UsersWrite)
  @ApiHeader(REASON_HEADER)
  @Refuses(404, 409, 412)
  async put(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateUserDto, @IfMatch() version: number | undefined, @Reason() reason: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<AdminUserDto> {
    return tagged(reply, await this.admin.update(actor, id, change, reason, version));
  }

  /** Deletes a user, who can be restored until DELETED_USER_DAYS have passed. */
  @Delete(':id')
  @Requires(Permission.UsersWrite)
  @ApiHeader(REASON_HEADER)
  @Refuses(404, 412)
  async delete(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() body: DeleteUserDto, @Reason() reason: string | undefined, @IfMatch() version: number | undefined): Promise<DeletedUserDto> {
    return DeletedUserDto.of(await this.removal.delete(actor, id, body.reason ?? reason, version));
  }

  /** Brings a deleted user back with all that was theirs, but for sessions and keys. */
  @Post(':id/restore')
  @HttpCode(200)
  @Requires(Permission.UsersWrite)
  @Refuses(404)
  async restore(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { reason }: ReasonDto): Promise<AdminUserDto> {
    await this.removal.restore(actor, id, reason);
    return AdminUserDto.of(await this.users.get(id));
  }

  /** Erases a user now and for good, deleted before or not. */
  @Post(':id/erase')
  @HttpCode(200)
  @Requires(Permission.UsersErase)
  @Refuses(404, 409)
  async erase(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { reason, confirm }: EraseDto): Promise<ErasedUserDto> {
    return { id, rows: await this.admin.erase(actor, id, reason, confirm) };
  }

  /** Keeps a user out (sessions end and keys are refused at once), or from a part of the service alone. Bans of several scopes hold side by side. */
  @Post(':id/ban')
  @HttpCode(200)
  @Requires(Permission.UsersWrite)
  @Refuses(404)
  async ban(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { until, ...terms }: BanDto): Promise<AdminUserDto> {
    await this.bans.ban(actor, id, { ...terms, until: until === undefined ? null : new Date(until) });
    return AdminUserDto.of(await this.users.get(id));
  }

  /** Ends a user's bans, or that of one scope. */
  @Post(':id/unban')
  @HttpCode(200)
  @Requires(Permission.UsersWrite)
  @Refuses(404)
  async unban(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { reason, scope }: UnbanDto): Promise<AdminUserDto> {
    await this.bans.unban(actor, id, reason, scope);
    return AdminUserDto.of(await this.users.get(id));
  }

  /** Signs a user out everywhere. */
  @Post(':id/end-sessions')
  @HttpCode(200)
  @Requires(Permission.UsersWrite)
  @Refuses(404)
  async endSessions(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { reason }: ReasonDto): Promise<EndedUserSessionsDto> {
    return { id, ended: await this.bans.endSessions(actor, id, reason) };
  }
}

function tagged(reply: FastifyReply, user: UserSnapshot): AdminUserDto {
  setEntityTag(reply, user.version);
  return AdminUserDto.of(user);
}
