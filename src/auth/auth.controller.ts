import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Origin, RequestOrigin } from '../access/actor.js';
import { PrincipalKind } from '../access/permission.js';
import { Audience, Public } from '../access/requires.js';
import { LimitedAs } from '../access/throttling/rate-class.js';
import { Refuses } from '../platform/http/refuses.js';
import { Idempotent, type IdempotentRequest } from '../platform/idempotency/idempotent-request.js';
import { Accounts } from './accounts.js';
import { AccountDto, RegisterDto, RegisteredDto } from './auth.dto.js';
import { BrowserMode } from './browser/browser-mode.js';
import { RegistrationService } from './registration.service.js';
import { SessionsService } from './sessions/sessions.service.js';
import { SignInRoutes } from './sign-in.routes.js';
import { SignInService } from './sign-in.service.js';

@ApiTags('auth')
@Audience(PrincipalKind.User)
@Controller('auth')
export class AuthController extends SignInRoutes {
  protected override readonly kind = PrincipalKind.User;

  constructor(
    signIns: SignInService,
    sessions: SessionsService,
    accounts: Accounts,
    browsers: BrowserMode,
    private readonly registrations: RegistrationService,
  ) {
    super(signIns, sessions, accounts, browsers);
  }

  /** Makes an account. Sign in with it afterwards. */
  @Post('register')
  @Public()
  @LimitedAs('registration')
  @Refuses(403, 409)
  async register(@Body() request: RegisterDto, @RequestOrigin() origin: Origin, @Idempotent() repeat?: IdempotentRequest): Promise<RegisteredDto> {
    return { user: AccountDto.of(await this.registrations.register(request, origin, repeat)) };
  }
}
