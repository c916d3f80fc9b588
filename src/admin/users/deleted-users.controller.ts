import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { DeletedUsers } from '../../users/deleted-users.service.js';
import { DeletedUserDto } from './users-admin.dto.js';

const MOST = 500;

@ApiTags('admin')
@Controller('admin/deleted-users')
export class DeletedUsersController {
  constructor(private readonly deletedUsers: DeletedUsers) {}

  /** Users who can be restored, those deleted last first. */
  @Get()
  @Requires(Permission.UsersRead)
  async list(): Promise<DeletedUserDto[]> {
    return (await this.deletedUsers.list(MOST)).map((user) => DeletedUserDto.of(user));
  }
}
