import { Controller, Get, Param, ParseUUIDPipe, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { answerList, type Answer } from '../../platform/lists/answer.js';
import { ListRoute, WantedOf } from '../../platform/lists/list-routes.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { DeletedUsers } from '../../users/deleted-users.service.js';
import { DELETED_USERS_LIST } from '../../users/users.list.js';
import { DeletedUserDto } from './users-admin.dto.js';

@ApiTags('admin')
@Controller('admin/deleted-users')
export class DeletedUsersController {
  constructor(private readonly deletedUsers: DeletedUsers) {}

  /** Users who can be restored, those deleted last first. */
  @Get()
  @Requires(Permission.UsersRead)
  @ListRoute(DELETED_USERS_LIST, DeletedUserDto)
  async list(@WantedOf(DELETED_USERS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<DeletedUserDto>> {
    return answerList(reply, wanted, await this.deletedUsers.list(wanted), (user) => DeletedUserDto.of(user));
  }

  /** One deleted user. */
  @Get(':id')
  @Requires(Permission.UsersRead)
  async read(@Param('id', ParseUUIDPipe) id: string): Promise<DeletedUserDto> {
    return DeletedUserDto.of(await this.deletedUsers.get(id));
  }
}
