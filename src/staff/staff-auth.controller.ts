import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { PrincipalKind } from '../access/permission.js';
import { Audience } from '../access/requires.js';
import { Accounts } from '../auth/accounts.js';
import { BrowserMode } from '../auth/browser/browser-mode.js';
import { SessionsService } from '../auth/sessions/sessions.service.js';
import { SignInRoutes } from '../auth/sign-in.routes.js';
import { SignInService } from '../auth/sign-in.service.js';

@ApiTags('staff')
@Audience(PrincipalKind.Staff)
@Controller('staff/auth')
export class StaffAuthController extends SignInRoutes {
  protected override readonly kind = PrincipalKind.Staff;

  constructor(signIns: SignInService, sessions: SessionsService, accounts: Accounts, browsers: BrowserMode) {
    super(signIns, sessions, accounts, browsers);
  }
}
