import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { PrincipalKind } from '../access/permission.js';
import { Audience } from '../access/requires.js';
import { EmailVerificationService } from '../auth/mail-links/email-verification.service.js';
import { MailLinkRoutes } from '../auth/mail-links/mail-links.routes.js';
import { PasswordResetService } from '../auth/mail-links/password-reset.service.js';
import { SessionAuthenticator } from '../auth/sessions/session-authenticator.js';

@ApiTags('staff')
@Audience(PrincipalKind.Staff)
@Controller('staff/auth')
export class StaffMailLinksController extends MailLinkRoutes {
  protected override readonly kind = PrincipalKind.Staff;

  constructor(verifications: EmailVerificationService, resets: PasswordResetService, sessions: SessionAuthenticator) {
    super(verifications, resets, sessions);
  }
}
