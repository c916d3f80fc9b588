import { Body, Controller, Delete } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission, PrincipalKind } from '../../access/permission.js';
import { Audience, Requires } from '../../access/requires.js';
import { Refuses } from '../../platform/http/refuses.js';
import { AccountRemoval } from './account-removal.js';
import { DeletedAccountDto, DeleteMyAccountDto } from './my-account.dto.js';

@ApiTags('users')
@Audience(PrincipalKind.User)
@Controller('users/me')
export class MyAccountController {
  constructor(private readonly removal: AccountRemoval) {}

  /** Deletes the caller's own account: sessions and keys end at once, and after a while everything is erased for good. */
  @Delete()
  @Requires(Permission.AccountManage)
  @Refuses(403)
  async delete(@CurrentActor() actor: Actor, @Body() { password }: DeleteMyAccountDto): Promise<DeletedAccountDto> {
    return DeletedAccountDto.of(await this.removal.deleteOwn(actor, password));
  }
}
