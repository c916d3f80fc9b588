import { Controller, Get, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Permission } from '../access/permission.js';
import { Requires } from '../access/requires.js';
import { answerList, type Answer } from '../platform/lists/answer.js';
import { ListRoute, WantedOf } from '../platform/lists/list-routes.js';
import type { Wanted } from '../platform/lists/wanted.js';
import { SignInHistory } from './sign-in-history.js';
import { SignInDto } from './sign-ins.dto.js';
import { SIGN_INS_LIST } from './sign-ins.list.js';

@ApiTags('admin')
@Controller('admin/sign-ins')
export class SignInsController {
  constructor(private readonly history: SignInHistory) {}

  /** Attempts to sign in of users, staff and admins, good or bad, newest first; `login_like` and `q` are how the name begins that was typed, case and all. */
  @Get()
  @Requires(Permission.AuditRead)
  @ListRoute(SIGN_INS_LIST, SignInDto)
  async list(@WantedOf(SIGN_INS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<SignInDto>> {
    return answerList(reply, wanted, await this.history.list(wanted), (attempt) => SignInDto.of(attempt));
  }
}
