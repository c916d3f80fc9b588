import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Origin, RequestOrigin } from '../access/actor.js';
import { Permission } from '../access/permission.js';
import { Requires } from '../access/requires.js';
import { ValidationFailed } from '../platform/problems/problems.js';
import { VerifiedDto, VerifyDto } from './verification.dto.js';
import { VerificationService } from './verification.service.js';

@ApiTags('auth')
@Controller('auth/verify')
export class VerificationController {
  constructor(private readonly verification: VerificationService) {}

  /** Tells an application who is behind an access token or API key, and counts a cost if one is given. */
  @Post()
  @HttpCode(200)
  @Requires(Permission.Verify)
  verify(@Body() { token, apiKey, ip, cost }: VerifyDto, @RequestOrigin() origin: Origin): Promise<VerifiedDto> {
    const credential = token ?? apiKey;
    if (credential === undefined || (token !== undefined && apiKey !== undefined)) {
      throw new ValidationFailed([{ pointer: '/token', code: 'required', detail: 'Send either token or apiKey.' }]);
    }
    return this.verification.verify(credential, { origin, ip, cost });
  }
}
